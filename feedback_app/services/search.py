"""Finding published texts that resemble another, on both databases alike. Only what anybody may read is ever in the index.

A text counts by its rarest stems: a word that two texts out of a hundred thousand share says more than one that half of them have.
So the lookup first asks how common each word is, takes the rarest, and adds up what the shared ones are worth: two statements,
whatever the volume, and no database ranks (FTS5 and PostgreSQL would each do it in their own way, over every text that has any of
the words). What is particular to a database is in ``services/word_index.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select

from feedback_app.database import db
from feedback_app.domain.case import REQUEST_KINDS, AnswerStatus
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.domain.stems import stems, stems_by_word
from feedback_app.models import Answer, AnswerVersion, CitizenRequest, Contribution, SearchText, TextVersion, full_text
from feedback_app.services import word_index
from feedback_app.services.word_index import COMMON, WordIndex

INDEXED_KINDS = REQUEST_KINDS
"""What the index holds. Comments may join it: ``similar`` says which kinds it looks for."""
READ_AT_MOST = 2_000
"""Characters of the text that is compared: what a request is about is said at its beginning."""
WORDS = 24
"""Of a text, the longest are looked up: they are the rarest more often than not."""
KEPT = 8
USUAL_LENGTH = 120  # stems: a long text shares more words with anything
WORDS_SHARED = 2
"""With one word in common two short texts are seldom about the same: it counts for half of what each says."""
LOOKED_AT = 4
"""Of as many times the texts that are wanted it is counted how many words they share."""
BATCH = 500


# Writing: one place, called by whatever makes a text public, changes what is public of it, or takes it back.


def refresh(contribution: Contribution) -> None:
    """Let the index hold what is public of this contribution now, and nothing else. Calling it twice changes nothing."""
    db.session.flush()
    words = _public_words([contribution.id]).get(contribution.id)
    row = db.session.scalar(select(SearchText).where(SearchText.contribution_id == contribution.id))
    _write(row, contribution.id, contribution.kind, words)
    db.session.flush()


def _write(row: SearchText | None, contribution_id: int, kind: ContributionKind, words: frozenset[str] | None) -> bool:
    if not words:
        if row is not None:
            db.session.delete(row)
        return row is not None
    if row is None:
        db.session.add(SearchText(contribution_id=contribution_id, kind=kind, length=len(words), words=words))
        return True
    if row.words == words:
        return False
    row.words, row.length = words, len(words)
    return True


def _public_words(contribution_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The stems of what is public of these contributions; those of which nothing is are left out."""
    asked = (
        select(Contribution.id, TextVersion.body)
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .where(Contribution.id.in_(contribution_ids), _is_public(), Contribution.kind.in_(INDEXED_KINDS))
    )
    words = {row.id: stems(row.body) for row in db.session.execute(asked)}
    for row in db.session.execute(_public_answers(words)):
        words[row.contribution_id] |= stems(row.source)
    return words


def _public_answers(contribution_ids: Iterable[int]) -> Select[int, str]:
    """The wording that was published of each answer; what it was while it was prepared is not public."""
    published = select(func.max(AnswerVersion.id)).where(AnswerVersion.answer_id == Answer.id).correlate(Answer).scalar_subquery()
    return (
        select(CitizenRequest.contribution_id, AnswerVersion.source)
        .join(Answer, Answer.request_id == CitizenRequest.id)
        .join(AnswerVersion, AnswerVersion.id == published)
        .where(CitizenRequest.contribution_id.in_(list(contribution_ids)), Answer.status == AnswerStatus.PUBLISHED)
    )


def _is_public() -> ColumnElement[bool]:
    return Contribution.status == ContributionStatus.PUBLISHED


@dataclass(frozen=True)
class Rebuilt:
    """One batch of a rebuild: where the next one begins (None: there is none), how many contributions it read, how many rows changed."""

    after: int | None
    read: int
    changed: int


def rebuild(after: int = 0) -> Rebuilt:
    """Write again the index of the next ``BATCH`` contributions after this id, in the caller's transaction: ``flask search rebuild``.

    People publish and withdraw between two batches: each reads what is true when it is written, and holds what it reads.
    """
    batch = select(Contribution.id, Contribution.kind).where(Contribution.id > after).order_by(Contribution.id).limit(BATCH)
    kinds = {row.id: row.kind for row in db.session.execute(batch.with_for_update(of=Contribution))}
    words = _public_words(kinds)
    rows = {row.contribution_id: row for row in db.session.scalars(select(SearchText).where(SearchText.contribution_id.in_(kinds)))}
    changed = sum(_write(rows.get(one), one, kind, words.get(one)) for one, kind in kinds.items())
    db.session.flush()
    return Rebuilt(max(kinds) if len(kinds) == BATCH else None, len(kinds), changed)


def how_many() -> int:
    """How many contributions a rebuild reads."""
    return db.session.scalar(select(func.count()).select_from(Contribution)) or 0


def forget_deleted() -> None:
    """Let no word of a text that was taken back or erased stay in SQLite's file. For commands and jobs: it rewrites the index."""
    full_text.forget_deleted(db.session.connection())


# Reading.


def similar(
    wording: str,
    *,
    kinds: Iterable[ContributionKind] = REQUEST_KINDS,
    answered: bool = False,
    limit: int = 5,
    without: int | None = None,
    enough: float = 0.0,
) -> list[int]:
    """The ids of the published contributions that resemble ``wording`` most, the nearest first. Two statements.

    ``answered``: only requests to which an answer was published. ``without``: one contribution that is not wanted (the text itself).
    ``enough``: which part of what the wording's own words are worth must be shared (0 to 1), and more than one of its words: for whoever
    must not be shown what only has a word in common. A wording of one word is found by it.
    """
    words = sorted(stems(wording[:READ_AT_MOST]), key=lambda word: (-len(word), word))[:WORDS]
    index = word_index.of(db.session())
    counts = index.how_many_have(words) if words else {}
    found = _candidates(index, counts)
    if found is None:
        return []
    worth = found.c.weight / (USUAL_LENGTH + SearchText.length)
    statement = (
        select(SearchText.contribution_id, SearchText.words)
        .join(found, found.c.id == SearchText.id)
        .join(Contribution, Contribution.id == SearchText.contribution_id)
        .where(SearchText.kind.in_(list(kinds)), _is_public(), SearchText.contribution_id != (without or 0))
        .order_by(worth.desc(), SearchText.contribution_id.desc())
        .limit(limit * (LOOKED_AT if enough else 1))
    )
    if enough:
        statement = statement.where(found.c.weight >= enough * _own_worth(words, counts))
    if answered:
        with_answer = select(CitizenRequest.contribution_id).where(CitizenRequest.first_answered_at.is_not(None))
        statement = statement.where(SearchText.contribution_id.in_(with_answer))
    rows = db.session.execute(statement).all()
    near = _sharing_words(rows, wording) if enough else rows
    return [row.contribution_id for row in near[:limit]]


def _sharing_words(rows: Iterable[Any], wording: str) -> list[Any]:
    """Those that have enough of its words, whatever these are worth."""
    asked = stems_by_word(wording[:READ_AT_MOST])
    needed = min(WORDS_SHARED, len(asked))
    return [row for row in rows if sum(not word.isdisjoint(row.words) for word in asked) >= needed]


def _own_worth(words: Sequence[str], counts: Mapping[str, int]) -> float:
    """What a text with all words of this wording would be worth, as far as they are looked up; a word that no text has is rare."""
    return sum(sorted((word_index.worth(counts.get(word, 1)) for word in words), reverse=True)[:KEPT])


def _candidates(index: WordIndex, counts: Mapping[str, int]) -> Subquery | None:
    """The rows to choose among, with what the words they share are worth; None when nothing has any of the words."""
    rare = sorted((word for word in counts if counts[word] < COMMON), key=lambda word: (counts[word], -len(word), word))[:KEPT]
    if rare:
        return index.nearest([[word] for word in rare], counts)
    # Only words that many texts have: those that have them all, as far as they are found quickly.
    return index.nearest([sorted(counts)[:4]], counts) if counts else None
