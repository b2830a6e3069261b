"""Looking words up in ``search_text``, as each database does it best. Asked by ``services/search.py`` only.

The words differ and the shape is one of few, so the statements are written as text: building them from parts took longer than
running them. Only numbers are put into the text; words and what they are worth are bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from sqlalchemy import BigInteger, Float, Subquery, TextClause, text
from sqlalchemy.orm import Session

COMMON = 1_000
"""A word that so many texts have is common: it is not looked up alone, and of its texts no more are read."""
NEAREST = 200
TEXTS = 100_000.0  # what a word is worth is a logarithm: any large number orders them alike

Words = Sequence[str]


def worth(count: int) -> float:
    """What a word that so many texts have says of one of them."""
    return math.log(1 + TEXTS / count)


class WordIndex(Protocol):
    """One database's way."""

    def how_many_have(self, words: Words) -> dict[str, int]:
        """How many rows have each word, roughly from ``COMMON`` on. One statement."""

    def nearest(self, groups: Sequence[Words], counts: Mapping[str, int]) -> Subquery:
        """The ``NEAREST`` rows (``id``) by the sum (``weight``) of what the groups are worth of which they have all words."""


def of(session: Session) -> WordIndex:
    """The way of the session's database."""
    return SqliteWords(session) if session.get_bind().dialect.name == "sqlite" else PostgresqlWords(session)


class SqliteWords:
    """FTS5 finds the first thousand rows of a word in a tenth of a millisecond: they are counted."""

    ROWS = "SELECT rowid AS id FROM search_index WHERE search_index MATCH :words{0} LIMIT :common"

    def __init__(self, session: Session) -> None:
        self.session = session

    def how_many_have(self, words: Words) -> dict[str, int]:
        each = f"SELECT {{0}} AS number, (SELECT count(*) FROM ({self.ROWS})) AS found"  # noqa: S608
        statement = text(" UNION ALL ".join(each.format(number) for number in range(len(words))))
        rows = self.session.execute(statement, {**self._bound([word] for word in words), "common": COMMON})
        return {words[row.number]: row.found for row in rows if row.found}

    def nearest(self, groups: Sequence[Words], counts: Mapping[str, int]) -> Subquery:
        each = f"SELECT id, CAST(:weight{{0}} AS float) AS weight FROM ({self.ROWS})"  # noqa: S608
        weights = {f"weight{number}": worth(min(counts[word] for word in group)) for number, group in enumerate(groups)}
        return _sum(each, len(groups), {**self._bound(groups), **weights})

    def _bound(self, groups: Iterable[Words]) -> dict[str, str]:
        return {f"words{number}": " ".join(f'"{word}"' for word in group) for number, group in enumerate(groups)}


class PostgresqlWords:
    """PostgreSQL visits the table for every row of a word, but it keeps statistics of the commonest: only the others are looked up.

    Before the first ANALYZE (autovacuum does it) every word seems rare: slower, not wrong. What is known of an emptier table says 0.
    """

    STATISTICS = text(
        """
        SELECT common.word, common.share * pg_class.reltuples AS found
        FROM pg_stats
        CROSS JOIN LATERAL unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
        JOIN pg_class ON pg_class.oid = 'search_text'::regclass
        WHERE schemaname = current_schema() AND tablename = 'search_text' AND attname = 'words' AND common.word = ANY(:words)
        """
    )
    ROWS = "SELECT id FROM search_text WHERE words @@ CAST(:words{0} AS tsquery) LIMIT :common"

    def __init__(self, session: Session) -> None:
        self.session = session

    def how_many_have(self, words: Words) -> dict[str, int]:
        known = {row.word: max(1, round(row.found)) for row in self.session.execute(self.STATISTICS, {"words": list(words)})}
        return {word: known.get(word, 1) for word in words}

    def nearest(self, groups: Sequence[Words], counts: Mapping[str, int]) -> Subquery:  # noqa: ARG002 - counted where they are read
        each = f"SELECT id, ln(1 + :texts / count(*) OVER ()) AS weight FROM ({self.ROWS}) AS rows_{{0}}"  # noqa: S608
        bound = {f"words{number}": " & ".join(group) for number, group in enumerate(groups)}
        return _sum(each, len(groups), {**bound, "texts": TEXTS})


def _sum(each: str, count: int, bound: Mapping[str, object]) -> Subquery:
    parts = " UNION ALL ".join(each.format(number) for number in range(count))
    statement: TextClause = text(
        f"SELECT id, sum(weight) AS weight FROM ({parts}) AS every GROUP BY id ORDER BY weight DESC, id DESC LIMIT :nearest"  # noqa: S608
    )
    return statement.bindparams(**bound, common=COMMON, nearest=NEAREST).columns(id=BigInteger, weight=Float).subquery("found")
