"""What templates are given: filters for dates, numbers and languages, words for enumerations, and the site's own facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import format_date, format_decimal, format_percent, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from config import Compliance, SiteConfig
from feedback_app.domain import addresses, calendar, text
from feedback_app.domain.errors import OtherText
from feedback_app.domain.language import FRENCH
from feedback_app.domain.policy import Actor, Permission, may_ever
from feedback_app.domain.trace import EventVerb
from feedback_app.models import Commitment, Milestone, Plan
from feedback_app.services.threads import PublicText
from feedback_app.web import changes, figures, rows, translation
from feedback_app.web.access import declared, now
from feedback_app.web.case_words import step_words, time_left, urgency
from feedback_app.web.closing import frame
from feedback_app.web.labels import label
from feedback_app.web.language import alternate_url, own_address, page_language
from feedback_app.web.translation import kept_words

COMMITMENT_PAGES = {"public.commitments", "public.commitment", "public.late_milestones"}
PROGRESS_PAGES = {f"ministry.{page}" for page in ("commitments", "progress", "publish_progress", "send_back_progress")}
REQUEST_PAGES = {"public.citizen_requests", "public.citizen_request", "public.ask"}
# The default of SITE_TAGLINE, in every language; an operator's own stays as they wrote it.
OUR_TAGLINE = _l("Ce qui a été promis, ce qui a été fait, et ce que l’administration vous répond")
DESKS = {
    Permission.TEXT_MODERATE: ((_l("Modération"), "moderation.queue"),),
    Permission.DESK_READ: (
        (_l("Demandes"), "ministry.desk"),
        (_l("Commentaires"), "ministry.comments"),
        (_l("Suivi des engagements"), "ministry.commitments"),
    ),
    Permission.MEETING_WRITE: ((_l("Rendez-vous"), "ministry.prepared_meetings"),),
    Permission.COORDINATION_READ: ((_l("Coordination"), "coordination.desk"),),
    Permission.PEOPLE_MANAGE: ((_l("Administration"), "admin.index"),),
}
"""What opens which desks, in the order of the menu."""
COMMENT_PAGES = {f"ministry.{page}" for page in ("comments", "comment", "reply", "publish_reply", "send_back_reply", "no_reply")}
MEETING_PAGES = {
    f"ministry.{page}" for page in ("prepared_meetings", "prepared_meeting", "new_meeting", "edit_meeting", "withdraw_meeting")
}
BAROMETER_PAGES = {f"public.{page}" for page in ("barometers", "barometer", "territories", "territory", "indicator", "editions", "edition")}
# What the foot of every page says, as the law asks.
COMPLIANCE = {
    Compliance.NONE: _l("Accessibilité\u00a0: non conforme"),
    Compliance.PARTIAL: _l("Accessibilité\u00a0: partiellement conforme"),
    Compliance.FULL: _l("Accessibilité\u00a0: totalement conforme"),
}
MINUTE, HOUR, DAY = 60, 3_600, 86_400
WORKING_DAY = -1  # not a number of seconds
DAYS = 4_096  # that are kept as they are written


@dataclass(frozen=True)
class NavItem:
    """One entry of a menu."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Site:
    """Who runs this site, as templates see it."""

    name: str
    tagline: str
    operator: str
    contact_email: str
    accessibility: str
    footer_links: tuple[tuple[str, str], ...]


def long_date(value: date | datetime) -> str:
    """``3 mai 2024``, ``1er mai 2024``, ``3 May 2024``; a time is read in Paris."""
    return _long_day(calendar.day_of(value) if isinstance(value, datetime) else value, get_locale().language)


@lru_cache(DAYS)
def _long_day(day: date, language: str) -> str:
    """A page writes the same few days again and again."""
    words = str(format_date(day, "d MMMM y"))
    return words.replace("1 ", "1er ", 1) if language == FRENCH and words.startswith("1 ") else words


def long_datetime(value: datetime) -> str:
    """``3 mai 2024 à 14:05``, ``3 May 2024 at 14:05``, in Paris."""
    return _("%(date)s à %(time)s", date=long_date(value), time=hour(value))


def hour(value: datetime) -> str:
    """``14:05``, in Paris."""
    return f"{value.astimezone(calendar.PARIS):%H:%M}"


def ago(value: datetime) -> str:
    """How long ago, in whole minutes or hours, then in working days: ``il y a 3 heures``, ``il y a 4 jours ouvrés``.

    What is more than a day old while no working day has passed (a week-end) is told in days of 24 hours.
    """
    return _ago(value, now())


def ages(values: Iterable[datetime]) -> tuple[str, ...]:
    """The same of all rows of a list."""
    moment = now()
    return tuple(_ago(value, moment) for value in values)


def _ago(value: datetime, moment: datetime) -> str:
    seconds = int((moment - value).total_seconds())
    for unit, longest in ((1, MINUTE), (MINUTE, HOUR), (HOUR, DAY)):
        if seconds < longest:
            return _age(unit, max(seconds, 0) // unit if unit > 1 else 0)
    days = calendar.working_days_between(value, moment)
    return _age(WORKING_DAY, days) if days else _age(DAY, seconds // DAY)


@kept_words
def _age(unit: int, number: int) -> str:
    if unit == MINUTE:
        return ngettext("il y a %(num)s minute", "il y a %(num)s minutes", number)
    if unit == HOUR:
        return ngettext("il y a %(num)s heure", "il y a %(num)s heures", number)
    if unit == DAY:
        return ngettext("il y a %(num)s jour", "il y a %(num)s jours", number)
    if unit == WORKING_DAY:
        return ngettext("il y a %(num)s jour ouvré", "il y a %(num)s jours ouvrés", number)
    return _("à l’instant")


def _number(value: int | float | Decimal) -> str:
    return format_decimal(value)


def _percent(value: float | Decimal) -> str:
    return format_percent(value, "#,##0.#\u202f%" if _in_french() else "#,##0.#%")


def _in_french() -> bool:
    return bool(get_locale().language == FRENCH)


def foreign(language: str = FRENCH) -> str | None:
    """The ``lang`` that a passage needs on this page: None when it is written in the page's own language."""
    return None if language == page_language() else language


def written_in(text: str, language: str = FRENCH) -> str:
    """A text that is not ours (a plan's words, a ministry's name, a citizen's text), its language said where it is not the page's.

    Not for attributes nor for ``<title>``, which hold no markup.
    """
    return Markup('<span lang="{}">{}</span>').format(language, text) if text and foreign(language) else text


def bdi(name: str) -> Markup:
    """A name that somebody chose, kept apart: whatever its letters, what stands beside it keeps its direction and its place."""
    return Markup("<bdi>{}</bdi>").format(name)


def period(start: date | None, end: date | None) -> str:
    """A period in words; what is not known is said."""
    if start and end:
        return _("du %(start)s au %(end)s", start=long_date(start), end=long_date(end))
    if end:
        return _("jusqu’au %(end)s", end=long_date(end))
    return _("à partir du %(start)s, sans échéance", start=long_date(start)) if start else _("sans échéance")


def understood(thing: Commitment | Milestone | Plan) -> str:
    """The dates of a plan, commitment or milestone as they were understood."""
    return period(thing.start, thing.end)


def signature(text: PublicText) -> str:
    """Who signs a published text."""
    return text.signature or (_("Compte supprimé") if text.erased else _("Anonyme"))


def other_words(other: OtherText) -> str:
    """What somebody else did meanwhile."""
    words = {
        "publish": _("Publié"),
        "reject": _("Refusé"),
        "replaced": _("Remplacé"),
        "withdrawn": _("Retiré"),
    }
    if other.what in words:
        return words[other.what]
    return label(EventVerb(other.what)) if other.what in set(EventVerb) else _("Modifié")


def _topic_path(key: str) -> str:
    """The page of a topic, in the language of this one."""
    return request.script_root + addresses.topic(key)


def _tagline(site: SiteConfig) -> str:
    return str(OUR_TAGLINE) if site.tagline == SiteConfig.tagline else written_in(site.tagline)


def _csrf() -> dict[str, str]:
    """The hidden field of every form of a signed-in page."""
    return {"csrf_token": generate_csrf()}


def _nav() -> tuple[NavItem, ...]:
    # An error page asks the database nothing: it may be what failed.
    barometer = None if g.get("error_page") else frame().barometer
    return _menu(request.endpoint, barometer)


@kept_words
def _menu(endpoint: str | None, barometer: str | None) -> tuple[NavItem, ...]:
    """The same on all pages of one kind."""
    entries = [
        NavItem(_("Accueil"), url_for("public.home"), endpoint == "public.home"),
        NavItem(_("Engagements"), url_for("public.commitments"), endpoint in COMMITMENT_PAGES),
    ]
    if barometer:
        entries.append(NavItem(_("Baromètre"), url_for("public.barometer", slug=barometer), endpoint in BAROMETER_PAGES))
    return (*entries, NavItem(_("Demandes"), url_for("public.citizen_requests"), endpoint in REQUEST_PAGES))


def _session_nav() -> tuple[NavItem, ...]:
    access = declared(request.endpoint)
    if g.get("error_page") or access is None or not access.needs_session or not current_user.is_authenticated:
        return ()  # a public page never reads the session: it must look the same to everybody
    if current_user.pending:
        return (NavItem(_("Connexion en deux étapes"), url_for("account.second_factor"), True),)
    actor: Actor = current_user.actor
    held = frozenset(permission for permission in DESKS if may_ever(actor, permission))
    return _desks(held, request.endpoint)


@kept_words
def _desks(held: frozenset[Permission], endpoint: str | None) -> tuple[NavItem, ...]:
    """The desks that these permissions open."""
    entries = [(_("Mon espace"), "account.index")]
    for permission, desks in DESKS.items():
        if permission in held:
            entries += [(str(words), desk) for words, desk in desks]
    return tuple(NavItem(words, url_for(desk), _is_within(desk, endpoint)) for words, desk in entries)


def _is_within(endpoint: str, page: str | None) -> bool:
    """The administration and the desks have pages below their own: they are in them too."""
    own_menus = (
        (COMMENT_PAGES, "ministry.comments"),
        (PROGRESS_PAGES, "ministry.commitments"),
        (MEETING_PAGES, "ministry.prepared_meetings"),
    )
    for pages, entry in own_menus:
        if page in pages:
            return endpoint == entry
    below = endpoint in {"admin.index", "coordination.desk", "ministry.desk"}
    return page == endpoint or (below and page is not None and page.split(".", maxsplit=1)[0] == endpoint.split(".", maxsplit=1)[0])


@kept_words
def _site(site: SiteConfig) -> Site:
    words = str(COMPLIANCE[site.accessibility])
    return Site(site.name, _tagline(site), site.operator, site.contact_email, words, site.footer_links)


def _context() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {
        "site": _site(settings.site),
        "demo": settings.demo,
        "page_lang": page_language(),
        "alternate_url": alternate_url(),
        "nav": _nav(),
        "session_nav": _session_nav(),
    }


def init_app(app: Flask) -> None:
    """Register filters and globals."""
    app.context_processor(_context)
    app.jinja_env.globals.update(label=label, topic_path=_topic_path, csrf=_csrf, own_address=own_address)
    app.jinja_env.globals.update(understood=understood, signature=signature, other_words=other_words, foreign=foreign)
    app.jinja_env.globals.update(time_left=time_left, urgency=urgency)
    app.jinja_env.filters.update(
        step_words=lambda step: step_words(step, long_date),
        date=long_date,
        datetime=long_datetime,
        hour=hour,
        ago=ago,
        number=_number,
        percent=_percent,
        label=label,
        written_in=written_in,
        bdi=bdi,
        citizen_text=text.citizen_html,
        official_html=text.stored_html,
        excerpt=text.excerpt,
    )
    translation.init_app(app)
    rows.init_app(app)
    figures.init_app(app)
    changes.init_app(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
