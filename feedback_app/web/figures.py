"""Published figures in words: numbers, units and dates in the language of the page, and a chart told in sentences.

Made to be called hundreds of times on a page: what was formatted once is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from urllib.parse import quote

from flask import Flask
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from feedback_app.domain.chart import LineChart, Spot
from feedback_app.domain.language import FRENCH, LANGUAGES
from feedback_app.domain.territory import TERRITORIES, Territory
from feedback_app.services.results import Line
from feedback_app.web.language import page_language

MILLION, BILLION = Decimal(10**6), Decimal(10**9)
DECIMALS, SMALL_DECIMALS = 2, 4
"""Of a figure from 1 on, and of a smaller one. The exact text stands in the files and beside every revision."""


class Writer:
    """Figures, units and dates in one language. A page takes one for all its rows."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._percent = "\u202f%" if language == FRENCH else "%"

    def figure(self, text: str | None) -> str:
        """A published figure to be read: ``74 396``, ``42,35``; at most two decimals (four below 1). Nothing published says so."""
        return _("non publié") if text is None else _written(text, self._language, exact=False)

    def exact_figure(self, text: str | None) -> str:
        """A published figure with all its decimals, where two of them are compared."""
        return _("non publié") if text is None else _written(text, self._language, exact=True)

    def symbol(self, unit: str | None) -> str:
        """What of a unit belongs to the number: `` %``, or nothing."""
        return self._percent if unit and unit.startswith("%") else ""

    def amount(self, text: str | None, unit: str | None) -> str:
        """A figure with its sign: ``42,35 %``."""
        return self.figure(text) + self.symbol(unit)

    @staticmethod
    def noun(unit: str | None) -> str:
        """The rest of the unit: ``des élèves`` of ``% des élèves``."""
        return (unit or "").removeprefix("%").strip()

    def short_date(self, day: date | None) -> str:
        """``31 déc. 2023``, for tables."""
        return _("sans date") if day is None else _formatted(day, "d MMM y", self._language)


_WRITERS = {language: Writer(language) for language in LANGUAGES}


def writer() -> Writer:
    """The one of this page's language."""
    return _WRITERS[page_language()]


def figure(text: str | None) -> str:
    """``Writer.figure`` in the language of the page, for a single figure; so are those that follow."""
    return writer().figure(text)


def exact_figure(text: str | None) -> str:
    return writer().exact_figure(text)


def symbol(unit: str | None) -> str:
    return writer().symbol(unit)


def short_date(day: date | None) -> str:
    return writer().short_date(day)


noun = Writer.noun


@lru_cache(maxsize=16_384)
def _written(text: str, language: str, *, exact: bool) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    if not exact:
        value = round(value, DECIMALS if abs(value) >= 1 else SMALL_DECIMALS)
    digits = f"{value:,f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    digits = "0" if digits == "-0" else digits.replace("-", "\u2212")
    return digits.translate(_FRENCH_SIGNS) if language == FRENCH else digits


_FRENCH_SIGNS = str.maketrans({",": "\u202f", ".": ","})


def scale(value: Decimal, step: Decimal) -> str:
    """A round value of a scale, short: millions are said M, thousands of millions Md (bn)."""
    french = page_language() == FRENCH
    for size, words in ((BILLION, "Md" if french else "bn"), (MILLION, "M")):
        if step >= size / 10 and value:
            return f"{figure(str(value / size))}\u00a0{words}"
    return _written(str(value), page_language(), exact=True)


def calendar(day: date, unit: str) -> str:
    """The name of a year or month on a scale: ``2023``, ``janv. 2023``."""
    return str(day.year) if unit == "year" else _formatted(day, "MMM y", page_language())


@lru_cache(maxsize=8192)
def _formatted(day: date, pattern: str, language: str) -> str:  # noqa: ARG001 - the language is part of the key
    words = str(format_date(day, pattern))
    return words.replace("1 ", "1er ", 1) if get_locale().language == FRENCH and words.startswith("1 ") else words


def inside(territory: Territory) -> str:
    """Where, as a sentence says it: ``dans le Rhône``, ``in Rhône``."""
    return territory.inside if page_language() == FRENCH else _("dans %(territory)s", territory=territory.name)


def told(chart: LineChart, unit: str | None) -> Sequence[str]:
    """What a chart shows, in sentences."""
    sentences = [*_series(chart, unit)]
    sentences += [_("Cible\u00a0: %(value)s au %(date)s.", **_named(target, unit)) for target in chart.targets]
    if chart.baseline and chart.spots and chart.baseline.point != chart.spots[0].point:
        sentences.append(_("Valeur de départ\u00a0: %(value)s au %(date)s.", **_named(chart.baseline, unit)))
    if chart.moves:
        revised = ngettext("Un chiffre a été révisé.", "%(num)s chiffres ont été révisés.", len(chart.moves))
        sentences.append(revised)
    if len(chart.paths) > 1:
        sentences.append(_("La ligne s’interrompt là où il manque des valeurs."))
    if not chart.starts_at_zero:
        sentences.append(_("L’échelle ne commence pas à zéro."))
    return sentences


def _series(chart: LineChart, unit: str | None) -> Sequence[str]:
    if chart.latest is None:
        return [_("Aucune valeur publiée.")]
    spots = chart.spots
    if len(spots) == 1:
        return [_("Une seule valeur publiée\u00a0: %(value)s au %(date)s.", **_named(spots[0], unit))]
    first, last = _named(spots[0], unit), _named(spots[-1], unit)
    low, high = (_named(end(spots, key=lambda spot: spot.point.value or Decimal(0)), unit) for end in (min, max))
    return [
        _(
            "%(count)s valeurs publiées, de %(first)s au %(first_day)s à %(last)s au %(last_day)s.",
            count=len(spots),
            first=first["value"],
            first_day=first["date"],
            last=last["value"],
            last_day=last["date"],
        ),
        _(
            "La plus basse\u00a0: %(low)s au %(low_day)s\u00a0; la plus haute\u00a0: %(high)s au %(high_day)s.",
            low=low["value"],
            low_day=low["date"],
            high=high["value"],
            high_day=high["date"],
        ),
    ]


def _named(spot: Spot, unit: str | None) -> dict[str, str]:
    return {"value": figure(str(spot.point.value)) + symbol(unit), "date": short_date(spot.point.at)}


def rows(lines: Iterable[Line]) -> Iterator[tuple[str | int | None, ...]]:
    """The lines of an overview as its list writes them, made here because a template takes five times as long for hundreds of calls."""
    say = writer()
    for line in lines:
        has_value, has_target, has_rate = line.value is not None, line.target is not None, line.rate is not None
        yield (
            quote(line.code, safe=""),
            line.name,
            say.amount(line.value, line.unit) if has_value else None,
            say.noun(line.unit),
            say.short_date(line.at) if has_value else None,
            say.amount(line.target, line.unit) if has_target else None,
            say.short_date(line.target_date) if has_target else None,
            line.rate,
            say.amount(line.rate, "%") if has_rate else None,
            line.revisions,
        )


def territory_of(code: str) -> Territory:
    """The territory of a stored code."""
    return TERRITORIES[code]


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        figure=figure,
        exact_figure=exact_figure,
        symbol=symbol,
        noun=noun,
        scale=scale,
        calendar=calendar,
        rows=rows,
        short_date=short_date,
        inside=inside,
        told=told,
    )
    app.jinja_env.globals.update(territory_of=territory_of, writer=writer)
