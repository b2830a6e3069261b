"""The editions of a barometer and what each changed, on pages and as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeVar

from flask import Response, abort, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectChoice, SelectField

from feedback_app.domain.barometer import EditionStatus, RevisionDirection, RevisionKind, RevisionSize, Series
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Barometer, Edition
from feedback_app.services import editions as query
from feedback_app.services import results, revisions
from feedback_app.services.paging import Window
from feedback_app.web.access import public
from feedback_app.web.data_files import CODE, DAY, Column, DataFile, values_of
from feedback_app.web.labels import label
from feedback_app.web.language import without_language
from feedback_app.web.page_cache import cached
from feedback_app.web.presentation import foreign
from feedback_app.web.public import bp

ALL_SIZES = "toutes"
UNIT = _l("nombre, dans l’unité de l’indicateur\u00a0; texte pour un nom, une unité ou un sens")
NARROWED = ("genre", "taille", "sens", "reforme", "territoire", "apres", "avant")
Member = TypeVar("Member", bound=StrEnum)


class FilterForm(Form):
    """How an edition's revisions are narrowed. What nobody can read narrows nothing."""

    genre = SelectField(_l("Ce qui a changé"), validate_choice=False)
    taille = SelectField(_l("Taille"), validate_choice=False)
    sens = SelectField(_l("Effet sur la cible"), validate_choice=False)
    reforme = SelectField(_l("Réforme"), validate_choice=False)
    territoire = SelectField(_l("Territoire"), validate_choice=False)

    def offer(self, reforms: Iterable[tuple[str, str]]) -> None:
        """Fill the choices, for a page."""
        lang = {"lang": words} if (words := foreign()) else {}
        self.genre.choices = [SelectChoice("", _("Tout")), *(SelectChoice(kind.value, label(kind)) for kind in RevisionKind)]
        self.taille.choices = [
            SelectChoice("", _("Changements réels")),
            SelectChoice(RevisionSize.ROUNDING.value, _("Arrondis seulement")),
            SelectChoice(ALL_SIZES, _("Tout, arrondis compris")),
        ]
        self.sens.choices = [SelectChoice("", _("Tous")), *(SelectChoice(way.value, label(way)) for way in RevisionDirection)]
        self.reforme.choices = [SelectChoice("", _("Toutes")), *(SelectChoice(code, name, lang) for code, name in reforms)]
        self.territoire.choices = [
            SelectChoice("", _("Tous")),
            *(SelectChoice(place.code, place.label, lang) for place in TERRITORIES.values()),
        ]

    def chosen(self) -> revisions.Filters:
        """What the service takes."""
        size = _member(RevisionSize, self.taille.data)
        return revisions.Filters(
            kinds=(kind,) if (kind := _member(RevisionKind, self.genre.data)) else (),
            size=None if self.taille.data == ALL_SIZES else size or RevisionSize.REAL,
            direction=_member(RevisionDirection, self.sens.data),
            reform=self.reforme.data or None,
            territory=self.territoire.data if self.territoire.data in TERRITORIES else None,
        )

    def values(self) -> dict[str, Any]:
        """The part of an address that narrows in the same way."""
        return {name: value for name, value in self.data.items() if value}


def _member(kind: type[Member], value: str | None) -> Member | None:
    return kind(value) if value in set(kind) else None


def _edition(slug: str, date: str) -> tuple[Barometer, Edition]:
    """The edition of an address: published, or withdrawn with its reason; 404 for a draft."""
    barometer, _newest = results.current(slug) or abort(404)
    try:
        on = dt.date.fromisoformat(date)
    except ValueError:
        abort(404)
    if on.isoformat() != date:
        abort(404)  # one address for each edition
    return barometer, query.public_on(barometer, on) or abort(404)


@bp.get("/barometre/<slug>/editions/")
@public
@cached()
def editions(slug: str) -> str:
    """Every edition of a barometer, the newest first, and how much each changed."""
    barometer, _newest = results.current(slug) or abort(404)
    found = revisions.editions(barometer)
    return render_template("public/editions.html", barometer=barometer, editions=found, changed=revisions.real_counts(found))


@bp.get("/barometre/<slug>/editions/<date>")
@public
@cached(not_with=NARROWED)
def edition(slug: str, date: str) -> str:
    """One edition: what it holds and what it changed, narrowed by kind, size, effect, reform and territory."""
    barometer, found = _edition(slug, date)
    if found.status is not EditionStatus.PUBLISHED:
        return render_template("public/edition.html", barometer=barometer, edition=found, is_published=False)
    filters = FilterForm(request.args)
    filters.offer(revisions.reforms(found))
    page = revisions.listed(found, filters.chosen(), Window(request.args.get("apres"), request.args.get("avant"), revisions.PAGE_SIZE))
    return render_template(
        "public/edition.html",
        barometer=barometer,
        edition=found,
        is_published=True,
        replaced=query.withdrawn_on(barometer, found.date),
        is_known=revisions.is_known(found),
        filters=filters,
        is_filtered=bool(filters.values()),
        counts=_table(revisions.counts(found)),
        page=page,
        told=_told(page.items),
        total=revisions.count(found, filters.chosen()),
        address=lambda **cursor: url_for(".edition", slug=slug, date=date, **filters.values(), **cursor),
        file=url_for(".edition_file", slug=slug, date=date, **filters.values()),
    )


def _told(changes: Iterable[revisions.Revision]) -> list[Sequence[revisions.Revision]]:
    """The changes as a page tells them: what became of one indicator in several territories is told once, and unfolds."""
    return [tuple(same) for _what, same in groupby(changes, key=lambda one: (one.kind, one.size, one.direction, one.code))]


def _table(counts: Mapping[tuple[RevisionKind, RevisionSize], int]) -> list[tuple[str, str, str]]:
    """How many of each kind, real and rounded, in the order of the kinds."""
    return [
        (str(label(kind)), *(format_decimal(counts.get((kind, size), 0)) for size in (RevisionSize.REAL, RevisionSize.ROUNDING)))
        for kind in RevisionKind
        if any((kind, size) in counts for size in RevisionSize)
    ]


@bp.get("/barometre/<slug>/editions/<date>/revisions.csv")
@public
@without_language
@cached(not_with=NARROWED)
def edition_file(slug: str, date: str) -> Response:
    """The same revisions as a file, narrowed in the same way. Texts and codes as published."""
    _barometer, found = _edition(slug, date)
    if not revisions.is_known(found):
        abort(404)
    return FILE.answer(map(_row, revisions.every(found, FilterForm(request.args).chosen())), name=f"revisions-{slug}-{date}")


FILE: DataFile = DataFile(
    anchor="revisions",
    title=_l("Ce qu’une édition du baromètre a changé"),
    line=_l(
        "Une ligne par changement entre une édition et celle qui la précède\u00a0: une valeur, une cible ou une valeur de départ "
        "d’un indicateur dans un territoire, ou l’indicateur lui-même. Les filtres de la page valent aussi pour le fichier\u00a0; "
        "sans filtre, les simples arrondis n’y sont pas."
    ),
    refreshed=_l(
        "Une édition publiée ne change plus\u00a0: son fichier non plus, sauf si l’édition qui la précède est retirée ou remplacée. "
        "La comparaison est alors refaite."
    ),
    columns=(
        Column("type", _l("Ce qui a changé."), CODE, values_of(RevisionKind)),
        Column("taille", _l("Un vrai changement, ou seulement un autre nombre de décimales."), CODE, values_of(RevisionSize)),
        Column(
            "effet",
            _l("Si une cible est devenue plus facile ou plus difficile à atteindre. Vide pour tout autre changement."),
            CODE,
            values_of(RevisionDirection),
        ),
        Column("code_indicateur", _l("L’indicateur, tel que le baromètre le numérote."), CODE),
        Column("indicateur", _l("Le nom de l’indicateur dans cette édition\u00a0; s’il n’y est plus, dans la précédente.")),
        Column("unite", _l("L’unité de ses valeurs. Vide si elle n’est pas publiée.")),
        Column("code_reforme", _l("La réforme dont dépend l’indicateur."), CODE),
        Column("reforme", _l("Le nom de cette réforme.")),
        Column(
            "code_territoire",
            _l(
                "FRANCE, une région (R suivi de son code officiel, comme R84) ou un département (D suivi de son numéro, comme D69). "
                "Vide quand le changement porte sur l’indicateur entier."
            ),
            CODE,
        ),
        Column("territoire", _l("Le nom de ce territoire.")),
        Column(
            "serie",
            _l("De quelle suite de valeurs il s’agit. Vide pour ce qui n’est pas une valeur."),
            CODE,
            (
                (Series.HEADLINE.value, _l("la valeur mise en avant, souvent cumulée sur l’année")),
                (Series.PERIODIC.value, _l("la valeur de la période")),
            ),
        ),
        Column("ancienne_valeur", _l("Ce que publiait l’édition précédente, écrit comme elle l’écrivait. Vide s’il n’y avait rien."), UNIT),
        Column("nouvelle_valeur", _l("Ce que publie cette édition, écrit comme elle l’écrit. Vide si elle ne publie plus rien."), UNIT),
        Column("ancienne_date", _l("Le jour auquel se rapportait l’ancienne valeur."), DAY),
        Column("nouvelle_date", _l("Le jour auquel se rapporte la nouvelle valeur."), DAY),
    ),
)


def _row(one: revisions.Revision) -> tuple[object, ...]:
    place = TERRITORIES[one.territory].name if one.territory else None
    return (
        one.kind.value, one.size.value, one.direction and one.direction.value, one.code, one.name, one.unit, one.reform_code, one.reform,
        one.territory, place, one.series and one.series.value, one.old_text, one.new_text, one.old_date, one.new_date,
    )  # fmt: skip
