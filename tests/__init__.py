"""A mirror of the tree, plus ``house`` (rules of the code), ``e2e`` (a real browser) and ``servers`` (real servers for the others)."""
