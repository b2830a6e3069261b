"""The figure that a request is about, or the change of one, as it is published today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, or_, select, true

from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.territory import FRANCE
from feedback_app.models import CitizenRequest, Edition, EditionIndicator, FigureRevision, Indicator, Observation, TopicKind
from feedback_app.services.cases.beginning import Figure
from feedback_app.services.revisions import OwnRevision


@dataclass(frozen=True)
class AskedFigure:
    """A value as published (``text``), its unit, its territory's code and date, and the edition that says so."""

    text: str
    unit: str | None
    territory: str
    date: dt.date
    edition: dt.date


def revision(topic_id: int, figure: Figure) -> OwnRevision | None:
    """The change that ``figure`` names, as it is published today; None when there is no such change (any more). One statement, or none."""
    if figure.revision_kind is None or figure.revised_on is None:
        return None
    day = or_(FigureRevision.new_date == figure.day, FigureRevision.old_date == figure.day) if figure.day else true()
    statement = (
        select(FigureRevision, Edition.date)
        .join(Edition, FigureRevision.edition_id == Edition.id)
        .join(Indicator, FigureRevision.indicator_id == Indicator.id)
        .where(
            Indicator.topic_id == topic_id,
            Edition.date == figure.revised_on,
            Edition.status == EditionStatus.PUBLISHED,
            Edition.compared_at.is_not(None),
            FigureRevision.kind == figure.revision_kind,
            or_(FigureRevision.territory == figure.territory, FigureRevision.territory.is_(None)),
            day,
        )
        .order_by(FigureRevision.id)
        .limit(1)
    )
    row = db.session.execute(statement).first()
    if row is None:
        return None
    found: FigureRevision = row[0]
    return OwnRevision(
        kind=found.kind,
        direction=found.direction,
        territory=found.territory,
        series=found.series,
        old_text=found.old_text,
        new_text=found.new_text,
        old_date=found.old_date,
        new_date=found.new_date,
        edition=row[1],
    )


def of_request(request: CitizenRequest) -> Figure:
    """What a request points at, as its form said it."""
    return Figure(request.territory, request.figure_date, request.revision_kind, request.revised_on)


def asked(request: CitizenRequest) -> AskedFigure | None:
    """The value at the territory and date of the request, by the newest edition that gives one. None where none is published.

    One statement; none for a request that names no date, is about something else than an indicator, or about a change (``revision``).
    """
    if request.topic.kind is not TopicKind.INDICATOR or request.figure_date is None or request.revision_kind is not None:
        return None
    territory = request.territory or FRANCE
    described = and_(EditionIndicator.edition_id == Observation.edition_id, EditionIndicator.indicator_id == Observation.indicator_id)
    statement = (
        select(Observation.text, EditionIndicator.unit, Edition.date)
        .join(Indicator, Observation.indicator_id == Indicator.id)
        .join(Edition, Observation.edition_id == Edition.id)
        .join(EditionIndicator, described)
        .where(
            Indicator.topic_id == request.topic_id,
            Edition.status == EditionStatus.PUBLISHED,
            Observation.territory == territory,
            Observation.date == request.figure_date,
        )
        .order_by(Edition.date.desc(), Edition.number.desc(), Observation.series)
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return AskedFigure(row.text, row.unit, territory, request.figure_date, row.date) if row else None
