"""A revision in one sentence: what was promised or published before, what is now."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from flask import Flask
from flask_babel import gettext as _

from feedback_app.domain.barometer import RevisionKind, Series, Tendency
from feedback_app.web.figures import exact_figure, short_date
from feedback_app.web.labels import label


class Changed(Protocol):
    """What a sentence needs of a revision."""

    @property
    def kind(self) -> RevisionKind: ...
    @property
    def series(self) -> Series | None: ...
    @property
    def old_text(self) -> str | None: ...
    @property
    def new_text(self) -> str | None: ...
    @property
    def old_date(self) -> dt.date | None: ...
    @property
    def new_date(self) -> dt.date | None: ...


def sentence(one: Changed) -> str:
    """What changed, with the figures exactly as published and without their unit."""
    described = _of_the_indicator(one)
    if described:
        return described
    figures = {
        "old": exact_figure(one.old_text),
        "new": exact_figure(one.new_text),
        "old_date": short_date(one.old_date),
        "new_date": short_date(one.new_date),
    }
    return _of_a_target(one.kind, figures) or _of_a_starting_figure(one, figures) or _of_a_value(one, figures)


def _of_a_target(kind: RevisionKind, figures: dict[str, str]) -> str | None:
    match kind:
        case RevisionKind.TARGET_CHANGED:
            return _("La cible (%(new_date)s) passe de %(old)s à %(new)s.", **figures)
        case RevisionKind.TARGET_MOVED:
            return _("La cible passe de %(old)s (%(old_date)s) à %(new)s (%(new_date)s).", **figures)
        case RevisionKind.TARGET_REMOVED:
            return _("La cible de %(old)s (%(old_date)s) est retirée.", **figures)
        case RevisionKind.TARGET_ADDED:
            return _("Une cible est ajoutée\u00a0: %(new)s (%(new_date)s).", **figures)
    return None


def _of_a_starting_figure(one: Changed, figures: dict[str, str]) -> str | None:
    match one.kind:
        case RevisionKind.BASELINE_CHANGED if one.old_date == one.new_date:
            return _("La valeur de départ (%(new_date)s) passe de %(old)s à %(new)s.", **figures)
        case RevisionKind.BASELINE_CHANGED:
            return _("La valeur de départ passe de %(old)s (%(old_date)s) à %(new)s (%(new_date)s).", **figures)
        case RevisionKind.BASELINE_REMOVED:
            return _("La valeur de départ de %(old)s (%(old_date)s) est retirée.", **figures)
        case RevisionKind.BASELINE_ADDED:
            return _("Une valeur de départ est ajoutée\u00a0: %(new)s (%(new_date)s).", **figures)
    return None


def _of_a_value(one: Changed, figures: dict[str, str]) -> str:
    is_periodic = one.series is Series.PERIODIC
    if one.kind is RevisionKind.OBSERVATION_REMOVED:
        if is_periodic:
            return _("La valeur de la période (%(old_date)s)\u00a0: %(old)s, n’est plus publiée.", **figures)
        return _("La valeur du %(old_date)s\u00a0: %(old)s, n’est plus publiée.", **figures)
    if is_periodic:
        return _("La valeur de la période (%(new_date)s) passe de %(old)s à %(new)s.", **figures)
    return _("La valeur du %(new_date)s passe de %(old)s à %(new)s.", **figures)


def _of_the_indicator(one: Changed) -> str | None:
    match one.kind:
        case RevisionKind.INDICATOR_ADDED:
            return _("L’indicateur apparaît dans le baromètre.")
        case RevisionKind.INDICATOR_REMOVED:
            return _("L’indicateur disparaît du baromètre.")
        case RevisionKind.NAME_CHANGED:
            return _("Il s’appelait «\u00a0%(old)s\u00a0».", old=one.old_text)
        case RevisionKind.UNIT_CHANGED:
            return _(
                "L’unité était «\u00a0%(old)s\u00a0», elle est «\u00a0%(new)s\u00a0».", old=one.old_text or "–", new=one.new_text or "–"
            )
        case RevisionKind.DIRECTION_CHANGED:
            return _(
                "Sens attendu\u00a0: «\u00a0%(old)s\u00a0» devient «\u00a0%(new)s\u00a0».", old=_way(one.old_text), new=_way(one.new_text)
            )
    return None


def _way(text: str | None) -> str:
    return str(label(Tendency(text))) if text in set(Tendency) else _("Non précisé")


def init_app(app: Flask) -> None:
    """Register the filter."""
    app.jinja_env.filters.update(change=sentence)
