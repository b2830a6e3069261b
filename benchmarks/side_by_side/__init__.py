"""The site beside the limit and its peers, in one run: ``python -m benchmarks.side_by_side``."""
