"""The barometer: where it stands by priority and reform, in France and in each territory, and the way to one's own département."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback_app.domain.barometer import EditionStatus, RevisionKind
from feedback_app.domain.territory import FRANCE, TERRITORIES, Territory, Uncovered, of_postal_code, search
from feedback_app.models import Barometer, Edition
from feedback_app.services import results, revisions
from feedback_app.web.access import public
from feedback_app.web.fields import one_line
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp

WORDS_MAX = 200
FIRST_CHANGES = 3
TELLING = (RevisionKind.TARGET_CHANGED, RevisionKind.TARGET_MOVED, RevisionKind.BASELINE_CHANGED)


def shown(slug: str) -> tuple[Barometer, Edition]:
    """The barometer of an address and the published edition that its pages show; 404 where there is none."""
    found = results.current(slug) or abort(404)
    if found[1].status is not EditionStatus.PUBLISHED:
        abort(404)
    return found


def chosen_territory() -> Territory:
    """The territory that the address names with ``?territoire=``; France where it names none, 404 where nobody knows it."""
    return TERRITORIES.get(request.args.get("territoire") or FRANCE) or abort(404)


@dataclass(frozen=True)
class Found:
    """What "find my département" found: territories, or one that the barometer does not cover, or nothing (both empty)."""

    words: str = ""
    territories: list[Territory] = field(default_factory=list)
    uncovered: Uncovered | None = None


def find_place(words: str) -> Found:
    """Look a place up by postal code, name or number."""
    place = of_postal_code(words)
    if isinstance(place, Territory):
        return Found(words, [place])
    return Found(words, uncovered=place) if place else Found(words, list(search(words)))


@bp.get("/barometre/")
@public
@cached()
def barometers() -> str:
    """The active barometer, whose own address is the permanent one, and the archived ones."""
    return render_template("public/barometers.html", barometers=results.public_barometers())


@bp.get("/barometre/<slug>/")
@public
@cached(not_with=("q",))
def barometer(slug: str) -> str:
    """All indicators of a barometer in France, by priority and reform; what its newest edition changed."""
    found, edition = results.current(slug) or abort(404)
    words = one_line(request.args.get("q"))[:WORDS_MAX]
    is_published = edition.status is EditionStatus.PUBLISHED
    return render_template(
        "public/barometer.html",
        barometer=found,
        edition=edition,
        is_published=is_published,
        words=words,
        overview=results.overview(edition, FRANCE, words) if is_published else None,
        changes=_national_changes(edition) if is_published and not words else None,
    )


def _national_changes(edition: Edition) -> dict[str, object] | None:
    """The changes that a reader should not have to look for: targets and starting figures of France, with how many there are."""
    if not revisions.is_known(edition) or edition.compared_with_id is None:
        return None
    by_kind: dict[RevisionKind, list[revisions.Revision]] = {}
    for revision in revisions.every(edition, revisions.Filters(kinds=TELLING, territory=FRANCE)):
        by_kind.setdefault(revision.kind, []).append(revision)
    return {
        "first": {kind: found[:FIRST_CHANGES] for kind, found in by_kind.items()},
        "counts": {kind: len(found) for kind, found in by_kind.items()},
    }


@bp.get("/barometre/<slug>/territoires/")
@public
@cached(not_with=("lieu",))
def territories(slug: str) -> str | Response:
    """Find one's département by name or postal code; all regions and départements."""
    found, _edition = shown(slug)
    place = find_place(one_line(request.args.get("lieu"))[:WORDS_MAX])
    if len(place.territories) == 1:
        return redirect(url_for(".territory", slug=slug, place=place.territories[0].code))
    return render_template("public/territories.html", barometer=found, place=place, territories=TERRITORIES.values())


@bp.get("/barometre/<slug>/territoires/<place>")
@public
@cached()
def territory(slug: str, place: str) -> str:
    """All indicators of one territory."""
    here = TERRITORIES.get(place) or abort(404)
    found, edition = shown(slug)
    return render_template(
        "public/territory.html",
        barometer=found,
        edition=edition,
        territory=here,
        parent=TERRITORIES.get(here.parent or ""),
        overview=results.overview(edition, here.code),
    )
