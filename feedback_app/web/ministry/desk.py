"""The desk: what waits for the ministry, the nearest deadline first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectChoice, SelectField, StringField

from feedback_app.domain.case import REQUEST_KINDS
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.policy import Actor, Permission, may_ever
from feedback_app.domain.territory import TERRITORIES
from feedback_app.domain.text import excerpt
from feedback_app.services.cases import desk as query
from feedback_app.services.cases import tabs, taking
from feedback_app.services.cases.desk import Desk, Filters
from feedback_app.services.cases.tabs import Subjects, Tab
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.fields import one_line
from feedback_app.web.labels import label
from feedback_app.web.ministry import bp
from feedback_app.web.presentation import foreign
from feedback_app.web.translation import kept_words

WORDS_MAX = 200
DESK_SIZE = 50
# Each tab in the address, and its words.
TABS: Mapping[Tab, tuple[str, Any]] = {
    Tab.TO_TAKE: ("a-prendre", _l("À prendre")),
    Tab.MINE: ("mes-dossiers", _l("Mes dossiers")),
    Tab.RUNNING: ("en-cours", _l("En cours")),
    Tab.WAITING: ("en-attente", _l("En attente du citoyen")),
    Tab.TO_VALIDATE: ("a-valider", _l("À valider")),
    Tab.OFFERED: ("transferts", _l("Transferts proposés")),
    Tab.LATE: ("en-retard", _l("En retard")),
    Tab.REOPENED: ("rouvertes", _l("Rouvertes")),
    Tab.ANSWERED: ("repondues", _l("Répondues")),
}
BY_NAME = {name: tab for tab, (name, _words) in TABS.items()}


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None


@dataclass(frozen=True)
class Asked:
    """What the address says of how a tab is narrowed. What nobody can read narrows nothing."""

    ministere: str
    onglet: str
    q: str
    nature: str
    sujet: str
    territoire: str
    personne: str

    @classmethod
    def of(cls, ministry: Desk, tab: Tab) -> Asked:
        """By this request."""
        words = one_line(request.args.get("q"))[:WORDS_MAX]
        return cls(
            ministry.slug, TABS[tab][0], words, *(request.args.get(name, "") for name in ("nature", "sujet", "territoire", "personne"))
        )

    def chosen(self) -> Filters:
        """What the service takes."""
        return Filters(
            kind=ContributionKind(self.nature) if self.nature in REQUEST_KINDS else None,
            topic_id=_number(self.sujet),
            territory=self.territoire if self.territoire in TERRITORIES else None,
            assignee_id=_number(self.personne),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.q) or self.chosen() != Filters()

    def address(self, **cursor: str) -> str:
        """The list as it is narrowed, at another place."""
        values: dict[str, Any] = {name: value for name, value in vars(self).items() if value} | cursor
        return url_for("ministry.desk", **values)


class FilterForm(Form):
    """How a tab is narrowed, as fields."""

    ministere = HiddenField()
    onglet = HiddenField()
    q = StringField(_l("Mots ou référence"))
    nature = SelectField(_l("Nature"), validate_choice=False)
    sujet = SelectField(_l("Sujet"), validate_choice=False)
    territoire = SelectField(_l("Territoire"), validate_choice=False)
    personne = SelectField(_l("Qui s’en occupe"), validate_choice=False)

    def __init__(self, asked: Asked, subjects: Subjects, people: Sequence[tuple[int, str | None]]) -> None:
        super().__init__(data={name: value or None for name, value in vars(asked).items()})
        everything, lang = SelectChoice("", _("Tous")), foreign()
        attributes = {"lang": lang} if lang else {}
        kinds = [kind for kind in ContributionKind if kind in REQUEST_KINDS]
        self.nature.choices = [SelectChoice("", _("Toutes")), *(SelectChoice(kind.value, label(kind)) for kind in kinds)]
        self.sujet.choices = [everything, *(SelectChoice(str(key), excerpt(title, 70), attributes) for key, title in subjects.topics)]
        places = [place for code, place in TERRITORIES.items() if code in subjects.territories]
        self.territoire.choices = [everything, *(SelectChoice(place.code, place.name, attributes) for place in places)]
        named = [SelectChoice(str(key), name or _("Sans nom")) for key, name in people]
        self.personne.choices = [SelectChoice("", _("Tout le monde")), *named]


@dataclass(frozen=True)
class Narrowing:
    """All that the form of filters shows: it is built, and drawn, where something of it has changed."""

    asked: Asked
    subjects: Subjects
    people: Sequence[tuple[int, str | None]]  # a tuple, as all that is drawn once

    def form(self) -> FilterForm:
        """The form itself."""
        return FilterForm(self.asked, self.subjects, self.people)


@dataclass(frozen=True)
class Counted:
    """A tab as it is shown: its name in the address, its words, how many it holds."""

    tab: Tab
    name: str
    words: str
    number: int


@kept_words
def _words() -> Mapping[Tab, str]:
    return {tab: str(words) for tab, (_name, words) in TABS.items()}


def the_ministry(ministries: Sequence[Desk]) -> Desk:
    """The one of these that the address names; the first where it names none."""
    slug = request.args.get("ministere")
    found = ministries[0] if not slug and ministries else next((one for one in ministries if one.slug == slug), None)
    return found or abort(404)


def _tab(counts: Mapping[Tab, int], actor: Actor) -> Tab:
    """The one that was asked for; else the first in which there is something to do: to validate, for whoever may."""
    asked = BY_NAME.get(request.args.get("onglet", ""))
    first = (Tab.TO_VALIDATE,) if may_ever(actor, Permission.ANSWER_PUBLISH) else ()
    return asked or next((tab for tab in (*first, *Tab) if counts[tab]), Tab.TO_TAKE)


@bp.get("/")
@requires(Permission.DESK_READ)
def desk() -> str:
    """The requests of one ministry, in tabs."""
    actor, at = signed_in_actor(), now()
    ministries = query.desks_of(actor)
    ministry = the_ministry(ministries)
    counts = tabs.counts(ministry.id, actor, at=at)
    tab = _tab(counts, actor)
    asked, words = Asked.of(ministry, tab), _words()
    window = Window(request.args.get("apres"), request.args.get("avant"), DESK_SIZE)
    page = query.tab(tab, ministry.id, actor, asked.chosen(), window, at=at, words=asked.q)
    return render_template(
        "ministry/desk.html",
        ministry=ministry,
        ministries=ministries,
        tab=tab,
        words=words[tab],
        tabs=tuple(Counted(one, TABS[one][0], words[one], number) for one, number in counts.items()),
        late=counts[Tab.LATE],
        cap=tabs.COUNT_CAP,
        asked=asked,
        filters=Narrowing(asked, tabs.subjects(tab, ministry.id, actor, at=at), taking.names(ministry.id)),
        page=page,
        me=None if tab is Tab.TO_TAKE else actor.identity_id,  # where nobody has a case, all read the same rows
    )
