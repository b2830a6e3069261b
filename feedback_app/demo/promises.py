"""What the ministries of the demo say of their commitments: dated updates with their moves, late milestones, a promise that is blocked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo import prose
from feedback_app.demo.dossier import Cast
from feedback_app.demo.dossiers import World
from feedback_app.demo.prose import official
from feedback_app.demo.script import Script
from feedback_app.domain.commitment import BlockKind, CommitmentAction, Confidence
from feedback_app.models import Commitment, ProgressUpdate, Topic
from feedback_app.services.progress import updates, wording

EVIDENCE = "https://donnees.exemple.test/{topic}/{what}"
DRAFTED = 2  # days before it is published
_BLOCKS = {"done": BlockKind.DONE, "next": BlockKind.NEXT, "difficulties": BlockKind.DIFFICULTIES, "help": BlockKind.HELP_WANTED}


@dataclass
class News:
    """One update, published so many ``days`` ago (0: not yet).

    ``moves``: of a milestone by its place in the commitment, or (0) of the commitment itself.
    """

    topic: str
    days: int
    confidence: Confidence
    moves: list[tuple[int, CommitmentAction]]
    blocks: dict[BlockKind, str] = field(default_factory=dict)


def all_news() -> list[News]:
    """Those of ``prose/progress.txt``: ``@days confidence moves``, then its texts."""
    found: list[News] = []
    for topic, lines in prose.progress().items():
        for line in lines:
            head, _space, rest = line.partition(" ")
            if head.startswith("@"):
                confidence, *moves = rest.split(" ")
                found.append(News(topic, int(head[1:]), Confidence(confidence), [_move(move) for move in moves]))
            else:
                found[-1].blocks[_BLOCKS[head]] = official(rest)
    return found


def _move(word: str) -> tuple[int, CommitmentAction]:
    milestone, _colon, action = word.rpartition(":")
    return (int(milestone[1:]) if milestone else 0), CommitmentAction(action)


@dataclass
class Promise:
    """One update on its way: proposed by a contact, published by somebody else."""

    news: News
    topic_key: str
    cast: Cast
    update_id: int = 0

    def propose(self, at: datetime) -> None:
        commitment = self._commitment()
        actor = self.cast.contact(commitment.ministry, self.news.days)
        seen = updates.Seen(version=commitment.version, wording=0)
        self.update_id = updates.propose(commitment, self._wording(commitment), actor=actor, seen=seen, at=at).id

    def publish(self, at: datetime) -> None:
        update = db.session.get_one(ProgressUpdate, self.update_id)
        validator = self.cast.validator(update.ministry)
        updates.publish(update, actor=validator, seen_wording=update.latest.number, at=at)

    def _commitment(self) -> Commitment:
        of_topic = select(Commitment).join(Topic, Commitment.topic_id == Topic.id).where(Topic.key == self.topic_key)
        return db.session.execute(of_topic).scalar_one()

    def _wording(self, commitment: Commitment) -> wording.Wording:
        milestones = list(commitment.current_milestones)
        steps = [self._step(place, action, milestones[place - 1].id if place else None) for place, action in self.news.moves]
        return wording.wording(self.news.blocks, confidence=self.news.confidence, steps=tuple(steps))

    def _step(self, place: int, action: CommitmentAction, milestone_id: int | None) -> wording.Step:
        proof = EVIDENCE.format(topic=self.news.topic.lower(), what=f"jalon-{place}" if place else "bilan")
        return wording.Step(milestone_id, action, evidence=(proof,) if action is CommitmentAction.COMPLETE else ())


def told(world: World, cast: Cast, draw: Random) -> Iterator[Script]:
    """One script for each update."""
    for news in all_news():
        script = Script(draw, world.today - timedelta(days=news.days + 10), world.today)
        promise = Promise(news, world.topic_key(news.topic), cast)
        script.office_ago(news.days + DRAFTED, promise.propose)
        if news.days:  # else it is what a validator finds on the desk
            script.office_ago(news.days, promise.publish)
        yield script
