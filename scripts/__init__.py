"""What the Makefile calls. Run from the top of the checkout: ``python -m scripts.demo``."""
