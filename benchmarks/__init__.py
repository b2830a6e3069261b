"""Measurements and ordeals that one runs by hand. See ``benchmarks/README.md``."""
