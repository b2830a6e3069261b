"""One indicator in one territory: where it stands, against what was promised, since when, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from flask import abort, render_template, request

from feedback_app.domain import addresses
from feedback_app.domain.barometer import RevisionKind, Series
from feedback_app.domain.chart import Change, LineChart, Point, line_chart
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Barometer, Edition
from feedback_app.services import results, revisions, threads
from feedback_app.services.cases import published
from feedback_app.services.paging import Window
from feedback_app.services.results import Figures, IndicatorPage, PublishedFigure, PublishedValue
from feedback_app.services.revisions import OwnRevision
from feedback_app.web.access import now, public
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp
from feedback_app.web.public.barometers import chosen_territory, shown

CHOICES = [(place.code, place.label) for place in TERRITORIES.values()]
RESTATED = {RevisionKind.OBSERVATION_CHANGED, RevisionKind.OBSERVATION_REMOVED}
ON_THE_LINE = {
    *(RevisionKind.TARGET_CHANGED, RevisionKind.TARGET_MOVED, RevisionKind.TARGET_REMOVED),
    *(RevisionKind.BASELINE_CHANGED, RevisionKind.BASELINE_REMOVED),
    *RESTATED,
}


@bp.get("/barometre/<slug>/indicateurs/<code>")
@public
@cached(by=("territoire",), not_with=("apres", "avant"), topic=addresses.indicator_key)
def indicator(slug: str, code: str) -> str:
    """One indicator: its figures in a territory, their history, what editions changed, and the conversation about it."""
    place = chosen_territory()
    barometer, newest = shown(slug)
    edition, found = _last_described(barometer, newest, code)
    figures = results.figures(edition, found.indicator_id, place.code)
    changes = revisions.of_indicator(found.indicator_id, place.code)
    window = Window(request.args.get("apres"), request.args.get("avant"), threads.THREAD_SIZE)
    return render_template(
        "public/indicator.html",
        barometer=barometer,
        edition=edition,
        newest=newest,
        indicator=found,
        territory=place,
        choices=CHOICES,
        figures=figures,
        chart=_headline_chart(figures, changes),
        periodic_chart=line_chart(_points(figures.periodic), changes=_changes(changes, Series.PERIODIC)) if figures.periodic else None,
        changes=changes,
        promises=[one for one in changes if one.kind not in RESTATED],
        restated=[one for one in changes if one.kind in RESTATED],
        thread=threads.of_topic(found.topic_id, window),
        total=threads.count(found.topic_id),
        asked=published.of_topic(found.topic_id),
        at=now(),
    )


def _last_described(barometer: Barometer, newest: Edition, code: str) -> tuple[Edition, IndicatorPage]:
    """The indicator as the newest edition describes it, else as the last one that held it: its address never dies."""
    if found := results.indicator(newest, code):
        return newest, found
    edition = results.last_edition_with(barometer, code) or abort(404)
    return edition, results.indicator(edition, code) or abort(404)


def _headline_chart(figures: Figures, changes: Iterable[OwnRevision]) -> LineChart | None:
    return line_chart(
        _points(figures.headline),
        targets=_points(figures.targets),
        baseline=next(_points([figures.baseline] if figures.baseline else []), None),
        changes=_changes(changes, None, Series.HEADLINE),
    )


def _points(figures: Iterable[PublishedValue | PublishedFigure]) -> Iterator[Point]:
    """What has its place in time; a figure without a date has none."""
    return (Point(figure.at, _number(figure.text)) for figure in figures if figure.at is not None)


def _number(text: str | None) -> Decimal | None:
    try:
        value = Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _changes(changes: Iterable[OwnRevision], *series: Series | None) -> list[Change]:
    """The revisions that moved a point of this line. An observation names its series; a target or a baseline none."""
    return [
        Change(*(Point(at, _number(text)) if at else None for at, text in ((one.old_date, one.old_text), (one.new_date, one.new_text))))
        for one in changes
        if one.kind in ON_THE_LINE and one.series in series
    ]
