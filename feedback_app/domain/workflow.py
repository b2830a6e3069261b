"""One table per workflow: which action leads from which status to which. Nothing else decides about a status."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class MoveRefused(Exception):
    """The workflow has no such move: the page was stale or the address was made up."""

    def __init__(self, status: StrEnum, action: StrEnum) -> None:
        super().__init__(f"no move {action.value!r} from {status.value!r}")
        self.status = status
        self.action = action


class Workflow(Generic[S, A]):
    """The moves of one kind of thing."""

    def __init__(self, moves: Mapping[A, Mapping[S, S]]) -> None:
        self._next = {(status, action): target for action, row in moves.items() for status, target in row.items()}

    def next(self, status: S, action: A) -> S:
        """The status after ``action``. Raises ``MoveRefused`` where the table has no such move."""
        try:
            return self._next[status, action]
        except KeyError:
            raise MoveRefused(status, action) from None

    def actions_from(self, status: S) -> list[A]:
        """The actions possible from ``status``, in the order of the table: buttons are built from it."""
        return [action for (source, action) in self._next if source == status]
