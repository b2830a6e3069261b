"""The rules of the house as tests: what the design promises about the whole tree, checked on the tree itself."""
