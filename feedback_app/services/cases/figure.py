"""The figure that a request is about, as it is published today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, select

from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.territory import FRANCE
from feedback_app.models import CitizenRequest, Edition, EditionIndicator, Indicator, Observation, TopicKind


@dataclass(frozen=True)
class AskedFigure:
    """A value as published (``text``), its unit, its territory's code and date, and the edition that says so."""

    text: str
    unit: str | None
    territory: str
    date: dt.date
    edition: dt.date


def asked(request: CitizenRequest) -> AskedFigure | None:
    """The value at the territory and date of the request, by the newest edition that gives one. None where none is published.

    One statement; none for a request that names no date or is about something else than an indicator.
    """
    if request.topic.kind is not TopicKind.INDICATOR or request.figure_date is None:
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
