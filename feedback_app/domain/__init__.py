"""The terms and rules of the domain, in pure Python: no Flask, no database."""
