"""The demo's barometer enters as a real one would: files of a published format, read by the importer, compared, published."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo import barometer_files
from feedback_app.demo.indicators import EDITIONS, REFORMS
from feedback_app.demo.story import PARIS, Turn
from feedback_app.importers.barometer import read_edition
from feedback_app.importers.synthesis_files import reform_code
from feedback_app.models import Edition, Ministry
from feedback_app.services import barometers, editions
from feedback_app.services.edition_import import EditionImport

SLUG = "demonstration"
NAME = "Baromètre de l’action publique de la République de démonstration (données fictives)"
MORNING = time(9, 30)


def publications(now: datetime, seed: int) -> list[Turn]:
    """The publication of each edition (within the caller's transaction)."""
    today = now.astimezone(PARIS).date()
    days = [barometer_files.edition_date(number, today) for number in range(EDITIONS)]
    return [Turn(datetime.combine(day, MORNING, PARIS), partial(_enter, number, seed, today)) for number, day in enumerate(days)]


def _enter(number: int, seed: int, today: date, at: datetime) -> None:
    enter(number, barometer_files.files(number, seed=seed, today=today), at=at)


def enter(number: int, files: dict[str, bytes], *, at: datetime) -> None:
    """Import and publish one edition; with the first one the barometer itself, and the ministries of its reforms."""
    found = barometers.find(SLUG) or barometers.create(SLUG, name=NAME, active=True, at=at)
    work = EditionImport(found.id, at.date(), read_edition(files), at=at)
    for batch in work.batches():
        batch.run()
    editions.publish(db.session.get_one(Edition, work.edition_id), at=at)
    if number == 0:  # that of the archives comes later, and stays without a ministry
        for reform, slug in REFORMS.items():
            known = barometers.find_reform(found, reform_code(reform))
            if known is not None:
                barometers.map_reform(known, _ministry(slug), at=at)


def _ministry(slug: str | None) -> Ministry | None:
    return db.session.execute(select(Ministry).where(Ministry.slug == slug)).scalar_one() if slug else None
