"""Rows in every table, made by the services, and a picture of what a database holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Connection, inspect

from feedback_app.database import db, short_transaction, unit_of_work
from feedback_app.domain import attachment
from feedback_app.domain.barometer import EditionStatus, RevisionKind
from feedback_app.domain.case import CaseStatus, Outcome, RefusalGround
from feedback_app.domain.commitment import CommitmentAction, UpdateStatus
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.domain.policy import Actor, Role
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.reply import ReplyStatus
from feedback_app.models import Account, Identity, Indicator, Ministry, Topic
from feedback_app.models.full_text import belongs_to_index
from feedback_app.services import freshness, health, job_runs, kept_forms, ministries, people, rate_counts, sign_in, site, statistics
from feedback_app.services.cases.beginning import Figure
from feedback_app.services.privacy import erasure, export
from tests.attachments import odt
from tests.barometers import edition_file, indicator
from tests.conftest import Clock
from tests.edition_files import archive, by_indicator
from tests.factories import Make
from tests.plan_files import plan_file
from tests.progress_factories import move, said

Row = dict[str, Any]
Rows = dict[str, dict[int, Row]]


def fill(app: Flask) -> None:
    """Put at least one row into every table: a new table needs a line here (a test says so)."""
    clock = Clock()
    make = Make(app, clock)
    older, newer = make.ministry(), make.ministry()
    staff = make.person(email="agent@exemple.test", ministry=older, roles=(Role.COORDINATOR,))
    boss = make.person(roles=(Role.ADMINISTRATOR,))
    make.second_factor(staff)
    topic = make.commitment(ministry=older).topic
    published = make.comment(topic=topic)
    make.correction(published, "Le même commentaire, en mieux écrit.")
    make.comment(topic=topic, status=ContributionStatus.REJECTED, name=None)
    for status in set(ContributionStatus) - {ContributionStatus.PUBLISHED, ContributionStatus.REJECTED}:
        make.comment(topic=topic, status=status)
    fill_cases(make, topic)
    make.reply_to(published)
    make.assessment(topic)
    make.meeting(ministry=older, file=attachment.judge("minutes.odt", odt()), topic_ids=frozenset({topic.id}))
    make.proposal()
    make.reply_to(make.comment(topic=topic), status=ReplyStatus.NOT_NEEDED)
    fill_barometer(make)
    fill_progress(make, older)
    with app.app_context(), unit_of_work():
        administrator = sign_in.actor_of(db.session.get_one(Account, boss.id))
        _narrow(staff.id, topic.id, administrator)
        renamed = ministries.NewMinistry("Ministère renommé", newer.kind, "contact@exemple.test", "1 rue Haute, Paris", "01 99 00 00 00")
        ministries.change(db.session.get_one(Ministry, newer.id), renamed, administrator=administrator, seen_version=1, at=clock())
        freshness.everything_changed()
        site.change(close=False, notice_fr="Avis", notice_en="Notice", administrator=administrator, seen_version=0, at=clock())
        health.beat(health.JOBS, at=clock())
        db.session.get_one(Ministry, older.id).successor_id = newer.id
        kept_forms.keep(staff.id, "/moderation/textes/1", {"facts": ["Un début d’explication."]}, at=clock())
        sign_in.ask_link("agent@exemple.test", language="fr", at=clock(), machine="203.0.113.7")
        author = db.session.get_one(Identity, published.identity_id)
        erasure.ask(author, TextsChoice.KEEP, actor=None, language="fr", at=clock())
        export.ask(author, actor=None, language="fr", at=clock())
        job_runs.plan("sample", at=clock())
        statistics.keep(statistics.compute(at=clock()), at=clock())
    with app.app_context(), short_transaction() as connection:
        rate_counts.add(connection, "the hash of somebody", 1, timedelta(hours=1), at=clock())


def _narrow(account_id: int, topic_id: int, administrator: Actor) -> None:
    account = db.session.get_one(Account, account_id)
    topic = db.session.get_one(Topic, topic_id)
    people.narrow(
        account.memberships[0], topics=[topic], territories=["D69"], administrator=administrator, seen_version=account.version, at=Clock()()
    )


def fill_progress(make: Make, ministry: Ministry) -> None:
    """A commitment that moved, with what was sent back on the way, one whose words were changed, and an indicator that measures it."""
    commitment = make.commitment(ministry=ministry)
    make.update(commitment, said("Le chantier est ouvert.", move(CommitmentAction.START)))
    make.update(commitment, status=UpdateStatus.DRAFT)
    proposed = make.update(make.commitment(ministry=ministry), status=UpdateStatus.PROPOSED)
    make.sent_back(proposed)
    make.imported_plan()
    make.plan_upload(plan_file(title="Plan d’essai, revu"), applied=True)
    make.plan_upload()
    (first, *_others) = make.all(Indicator)
    make.revision(commitment, indicator_ids=frozenset({first.id}))


def fill_cases(make: Make, topic: Topic) -> None:
    """Requests wherever a case may stand, with what is written in one."""
    for status in set(CaseStatus) - {CaseStatus.ASLEEP}:
        make.request(topic=topic, status=status)
    make.reply(make.request(topic=topic, kind=ContributionKind.ACCESS, status=CaseStatus.WAITING))
    make.draft(make.request(topic=topic), outcome=Outcome.REFUSED, ground=RefusalGround.SECURITY)
    make.request(topic=topic, figure=Figure("D69", date(2027, 12, 31), RevisionKind.TARGET_CHANGED, date(2025, 7, 31)))
    make.me_too(make.request(topic=topic), "aussi@exemple.test")
    make.sufficed(make.request(topic=topic, status=CaseStatus.ANSWERED))


def fill_barometer(make: Make) -> None:
    """Two published editions that differ, and a withdrawn one."""
    barometer = make.barometer()
    for on, value, target in ((date(2025, 1, 31), "12.5", "20.0"), (date(2025, 7, 31), "13.5", "15.0")):
        file = edition_file(
            indicator(
                values={"FRANCE": {"2024-12-31": value}}, targets={"FRANCE": {"2027-12-31": target}}, baselines={"FRANCE": {"": "10"}}
            )
        )
        make.edition(file, barometer=barometer, on=on)
    late = make.upload(barometer, archive(by_indicator()), on=date(2026, 2, 27))
    make.edition(barometer=barometer, on=date(2026, 2, 28))
    make.read(late)  # refused: a newer edition was published meanwhile
    make.edition(barometer=barometer, on=date(2026, 3, 31), status=EditionStatus.WITHDRAWN)
    make.upload(barometer, archive(by_indicator()), on=date(2026, 3, 31))


def tables(connection: Connection) -> set[str]:
    """The tables of the database; Alembic's own and those that FTS5 keeps are left out."""
    return {name for name in inspect(connection).get_table_names() if name != "alembic_version" and not belongs_to_index(name)}


def picture(connection: Connection) -> Rows:
    """Every row of every table by its id, whatever the models say: it is read from the database alone."""
    found: Rows = {}
    for name in tables(connection):
        rows = connection.execute(sa.text(f'SELECT * FROM "{name}"')).mappings()
        found[name] = {row["id"]: dict(row) for row in rows}
    connection.rollback()
    return found


def lost(before: Rows, after: Rows) -> list[str]:
    """What ``before`` held and ``after`` does not, in the tables and columns that both know."""
    problems = []
    for table in sorted(set(before) & set(after)):
        for row_id, row in before[table].items():
            there = after[table].get(row_id)
            if there is None:
                problems.append(f"{table} {row_id} is gone")
            else:
                problems += [
                    f"{table} {row_id}: {name} was {row[name]!r}, is {there[name]!r}"
                    for name in set(row) & set(there)
                    if row[name] != there[name]
                ]
    return problems
