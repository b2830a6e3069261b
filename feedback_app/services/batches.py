"""Long work cut into short transactions: citizens who post meanwhile wait for one batch at most, never for the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Batch:
    """One step. The caller opens a transaction, calls ``run`` and commits; ``writes`` False: a transaction that only reads will do.

    ``rows``: how much of the work it is, for a progress bar.
    """

    run: Callable[[], object]
    rows: int = 0
    writes: bool = True
