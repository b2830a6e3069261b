"""A copy of everything held about a person: asked for, made by the job process, fetched once by a link that a mail brings.

What is in it follows ``models/inventory.py``: every row about the person, without hashes and without what concerns others.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.csv_text import BYTE_ORDER_MARK, csv_text
from feedback_app.domain.inventory import Holds
from feedback_app.domain.personal_data import hash_token, new_token
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import AccessAction, ActorKind, EventVerb
from feedback_app.mail import outbox, privacy_messages
from feedback_app.models import Identity, PersonalExport
from feedback_app.models.inventory import INVENTORY
from feedback_app.services import access_log, events
from feedback_app.services.locking import lock
from feedback_app.services.privacy.subject import Subject, subject_of, table, theirs

NOT_COPIED = {Holds.SECRET, Holds.OTHERS}
Rows = list[dict[str, Any]]


class ExportGone(Exception):
    """The link is unknown, too old, or has already served."""


def ask(identity: Identity, *, actor: Actor | None, language: str, at: datetime) -> PersonalExport:
    """Ask for a copy; one that waits to be made is the same. ``actor`` None: an operator with a shell. Raises ``NotAllowed``."""
    if actor:
        authorise(actor, Permission.DATA_EXPORT, identity)
    waiting = select(PersonalExport).where(PersonalExport.identity_id == identity.id, PersonalExport.made_at.is_(None))
    earlier = db.session.scalar(waiting)
    if earlier:
        return earlier
    export = PersonalExport(identity=identity, identity_id=identity.id, language=language, asked_at=at)
    db.session.add(export)
    kind = ActorKind.CITIZEN if actor else ActorKind.SYSTEM
    events.record(EventVerb.IDENTITY_ASK_EXPORT, identity, at=at, actor_kind=kind, actor_id=actor.identity_id if actor else None)
    db.session.info[outbox.QUEUED] = True  # wakes the job process
    return export


def latest(identity_id: int) -> PersonalExport | None:
    """The last copy that a person asked for."""
    statement = select(PersonalExport).where(PersonalExport.identity_id == identity_id).order_by(PersonalExport.id.desc())
    return db.session.scalar(statement.limit(1))


def due(_at: datetime) -> Sequence[int]:
    """The copies that wait to be made, by id."""
    return db.session.scalars(select(PersonalExport.id).where(PersonalExport.made_at.is_(None)).order_by(PersonalExport.id)).all()


def make_due(export_id: int, at: datetime) -> None:
    """Make one and send its link; nothing when another process has made it. Earlier copies of the person go."""
    statement = select(PersonalExport).where(PersonalExport.id == export_id, PersonalExport.made_at.is_(None))
    export = db.session.scalar(statement.with_for_update(skip_locked=True, of=PersonalExport))
    if export is None:
        return
    db.session.execute(delete(PersonalExport).where(PersonalExport.identity_id == export.identity_id, PersonalExport.id < export.id))
    token, hours = new_token(), current_app.config["SETTINGS"].periods.export_hours
    export.content = archive(export.identity, language=export.language, at=at)
    export.made_at, export.expires_at, export.token_hash = at, at + timedelta(hours=hours), hash_token(token)
    message = privacy_messages.export_ready(
        identity=export.identity, language=export.language, hours=hours, path=addresses.own_data(token), export_id=export.id
    )
    outbox.queue(message, at=at)


def usable(token: str, *, at: datetime) -> PersonalExport:
    """The copy behind a link. Raises ``ExportGone``."""
    export = db.session.scalar(select(PersonalExport).where(PersonalExport.token_hash == hash_token(token)))
    if export is None or export.content is None or export.expires_at is None or export.expires_at <= at:
        raise ExportGone
    return export


def fetch(token: str, *, at: datetime, machine: str | None) -> bytes:
    """The copy, handed out once: it is forgotten with the same transaction. Raises ``ExportGone``."""
    lock(usable(token, at=at))
    export = usable(token, at=at)  # again: two clicks at the same time must not both pass
    content = export.content or b""
    export.content, export.fetched_at = None, at
    access_log.record(AccessAction.EXPORT_FETCHED, at=at, identity_id=export.identity_id, machine=machine)
    return content


def archive(identity: Identity, *, language: str, at: datetime) -> bytes:
    """The zip file: one JSON file with everything, one CSV file for each table, and a page that explains them."""
    found = dict(held_about(subject_of(identity)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive_file:
        archive_file.writestr("LISEZMOI.txt", _explanation(language, at))
        archive_file.writestr("donnees.json", json.dumps(found, ensure_ascii=False, indent=1, default=_plain))
        for name, rows in found.items():
            columns = list(rows[0])
            lines = ([_cell(row[column]) for column in columns] for row in rows)
            archive_file.writestr(f"{name}.csv", BYTE_ORDER_MARK + csv_text(columns, lines))
    return file.getvalue()


def held_about(subject: Subject) -> Iterator[tuple[str, Rows]]:
    """Every table with rows about a person, and those rows."""
    for name, entry in INVENTORY.items():
        columns = [column for column in table(name).c if entry.columns.get(column.name) not in NOT_COPIED]
        statement = select(*columns).where(theirs(name, subject)).order_by(table(name).c.id)
        rows = [dict(row) for row in db.session.execute(statement).mappings()]
        if rows:
            yield name, rows


def _explanation(language: str, at: datetime) -> str:
    with force_locale(language):
        paragraphs = (
            _("Ce que %(site)s sait de vous, le %(date)s.", site=current_app.config["SETTINGS"].site.name, date=f"{at:%d/%m/%Y}"),
            _("donnees.json contient tout. Chaque fichier .csv contient une des tables, pour un tableur."),
            _(
                "Les heures sont en temps universel (UTC). Ne sont pas copiés\u00a0: les empreintes qui servent à reconnaître vos liens et "
                "vos sessions, et ce qui concerne d’autres personnes."
            ),
            _("Le dictionnaire des données du logiciel, docs/data-dictionary.md, explique chaque table (en anglais)."),
        )
    return BYTE_ORDER_MARK + "\r\n\r\n".join(paragraphs) + "\r\n"


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else str(value)


def _cell(value: object) -> object:
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, Enum | bool)):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | bool) else _plain(value)
