"""``flask backup`` and ``flask restore``, on both databases."""
