"""What happens to requests, cut by theme. How a request lives: ``docs/requests.md``.

``moves`` alone assigns a case's status; ``clock`` alone computes its deadline; ``desk`` and ``reading`` only read.
"""
