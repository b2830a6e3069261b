"""Official texts before they are published: one wording after the other, each kept, and nobody's overwritten unseen.

What answers to requests and replies to comments have in common; who may write and publish them is said by their own services.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor
from feedback_app.domain.text import render_official
from feedback_app.services.cases.moves import staff_name

LANGUAGE = "fr"  # of what staff write


class Wording(Protocol):
    """A version of an official text: who wrote it, when, and its number among them."""

    @property
    def number(self) -> int: ...

    @property
    def source(self) -> str: ...

    @property
    def author_id(self) -> int | None: ...

    @property
    def written_at(self) -> datetime: ...


@dataclass(frozen=True)
class Written:
    """A wording of something that is more than a text: what of it is shown to whoever wrote at the same time."""

    number: int
    source: str
    author_id: int | None
    written_at: datetime


def expect(latest: Wording | None, seen_wording: int) -> None:
    """Raise ``Conflict``, with the other text, unless ``seen_wording`` is the number of the latest wording (0: there was none)."""
    if (latest.number if latest else 0) == seen_wording:
        return
    if latest is None:
        raise Conflict(OtherText("", LANGUAGE))
    raise Conflict(OtherText(latest.source, LANGUAGE, by=staff_name(latest.author_id), at=latest.written_at))


def same(latest: Wording | None, source: str) -> bool:
    """Whether this is what stands already, once cleaned."""
    return latest is not None and latest.source == render_official(source).source


def facts(latest: Wording | None, source: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """The columns of the wording that follows ``latest``."""
    official = render_official(source)
    return {
        "number": latest.number + 1 if latest else 1,
        "source": official.source,
        "html": official.html,
        "renderer": official.renderer,
        "author_id": actor.identity_id,
        "written_at": at,
    }
