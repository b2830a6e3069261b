"""What is public, as words to be found. Everything here is derived: ``services/search.py`` alone writes it and can write it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Dialect, ForeignKey, Index, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.contribution import ContributionKind


class Stems(TypeDecorator[frozenset[str]]):
    """A set of stems: a ``tsvector`` in PostgreSQL, words between spaces in SQLite (which FTS5 indexes, see ``models/full_text.py``).

    Stems are letters and digits only: they need no quoting in either.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, _dialect: Dialect) -> str | None:
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> frozenset[str] | None:
        return None if value is None else frozenset(value.replace("'", "").split())


class SearchText(Model):
    """The words of one published contribution, with those of the answers published to it. ``length``: how many there are."""

    __table_args__ = (
        # SQLite has its own index of words, made by ``models/full_text.py``. Written at once: a list of pending words slows lookups.
        Index(None, "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}).ddl_if(dialect="postgresql"),
        NEVER_REUSE_IDS,
    )

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[ContributionKind]
    length: Mapped[int]
    words: Mapped[frozenset[str]] = mapped_column(Stems)
