"""No sentence escapes the catalogue: one page per endpoint, in each of its states, read in a language made of brackets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask, abort

from feedback_app import create_app
from feedback_app.database import unit_of_work
from feedback_app.demo.people import PEOPLE
from feedback_app.demo.texts import STORIES
from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Role
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Account, CitizenRequest, Contribution
from feedback_app.services import statistics
from feedback_app.web.access import public
from tests.case_factories import ANSWERED, BODY, QUESTION
from tests.conftest import NOW, Clock, settings
from tests.databases import SqliteDatabase
from tests.demo.sites import demo_site, fill
from tests.factories import FACTS, Make
from tests.pages import Page, PageClient
from tests.web.account_visits import ACCOUNT_BUTTONS, ACCOUNT_VISITS
from tests.web.admin_visits import ADMIN_BUTTONS, ADMIN_VISITS
from tests.web.desk_visits import DESK_BUTTONS, DESK_VISITS
from tests.web.edition_visits import EDITION_BUTTONS, EDITION_VISITS
from tests.web.meeting_visits import MEETING_BUTTONS, MEETING_VISITS
from tests.web.plan_visits import PLAN_BUTTONS, PLAN_VISITS, PLAN_WORDS
from tests.web.privacy_visits import PRIVACY_VISITS
from tests.web.progress_visits import PROGRESS_VISITS
from tests.web.pseudo_locale import escaped, speak_pseudo
from tests.web.request_visits import REQUEST_VISITS, TITLE
from tests.web.visiting import get, refused
from tests.web.voice_visits import VOICE_BUTTONS, VOICE_VISITS

PEOPLE_OF_THE_DEMO = {person.name for person in PEOPLE} | {story.name for story in STORIES if story.name}
TYPED = {"Un premier texte, assez long.", "Un second texte, assez long.", "Des faits assez longs.", "Il manque 2022."}
BAROMETER = {
    "Baromètre des essais",
    "Indicateur IND-001",
    "Guichets mobiles",
    "IND-001",
    "IND-003",
    *(place.label for place in TERRITORIES.values()),
}
PLANS = {"plan-essai", "demonstration-2024-2026", "Plan d’action 2024-2026 de la République de démonstration…"}
KNOWN = {
    "Devoir de suite",
    BODY,
    QUESTION,
    *ANSWERED,
    "Jeanne D.",
    "Zoé M.",
    FACTS,
    *PLANS,
    *PLAN_WORDS,
    *BAROMETER,
    *TYPED,
    *PEOPLE_OF_THE_DEMO,
}
# Files; buttons that lead to another page.
NOT_A_PAGE = {
    "static",
    "public.answers_given_file",
    "public.commitments_file",
    "public.enough",
    "public.edition_file",
    "public.meeting_file",
    "public.meetings_calendar",
    "public.metrics",
    "public.well",
    "demo.enter",
    *ACCOUNT_BUTTONS,
    *ADMIN_BUTTONS,
    *DESK_BUTTONS,
    *EDITION_BUTTONS,
    *PLAN_BUTTONS,
    *VOICE_BUTTONS,
    *MEETING_BUTTONS,
}
CASES = [status for status in CaseStatus if status is not CaseStatus.ASLEEP]
CODES = [400, 401, 403, 404, 405, 409, 410, 413, 418, 429, 500, 503]


@dataclass
class Site:
    """A filled demo that speaks the pseudo-language, and what its pages are about."""

    app: Flask
    make: Make
    moderator: PageClient = field(init=False)
    citizen: PageClient = field(init=False)
    colleague: Account = field(init=False)

    def __post_init__(self) -> None:
        self.moderator = self.browser_of(self.make.moderator("Zoé M.", "zoe@exemple.test"))
        self.owner = self.make.ministry("Jeanne D.")
        self.contact = self.make.person(name="Jeanne D.", ministry=self.owner, roles=(Role.MODERATOR,))
        self.boss = self.browser_of(self.make.person(name="Zoé M.", roles=(Role.ADMINISTRATOR,)))
        self.colleague = self.make.moderator("Jeanne D.")
        self.citizen = self.browser_of(self.make.person(name="Jeanne D."))
        self.indicator = self.make.revised_indicator("essai")
        self.make.comment(topic=self.indicator.topic, moderator=self.colleague)
        self.make.edition(
            barometer=self.make.barometer("retire", active=False, name="Baromètre des essais"), status=EditionStatus.WITHDRAWN
        )
        self.commitment = self.make.commitment(plan=self.make.plan("plan-essai"))
        self.requests: dict[CaseStatus, CitizenRequest] = {}
        self.references: set[str] = set()
        self.texts = {status: self.text(status) for status in ContributionStatus}

    def text(self, status: ContributionStatus) -> Contribution:
        return self.make.comment(topic=self.commitment.topic, status=status, email="jeanne@exemple.test", moderator=self.colleague)

    def request(self, status: CaseStatus, rest: str = "") -> str:
        """The private address of a request in this status."""
        if status not in self.requests:
            self.requests[status] = self.make.request(topic=self.commitment.topic, status=status)
        return f"/en{self.make.private_path(self.requests[status].contribution)}{rest}"

    def browser(self) -> PageClient:
        found = self.app.test_client()
        assert isinstance(found, PageClient)
        return found

    def browser_of(self, account: Account, *, second_factor: bool = True) -> PageClient:
        browser, secret = self.browser(), self.make.session(account, second_factor=second_factor)
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True
        return browser

    def private(self, status: ContributionStatus, rest: str = "") -> str:
        return f"/en{self.make.private_path(self.texts[status])}{rest}"

    def admin(self, path: str) -> str:
        values = {"contact": self.contact.id, "membership": self.contact.memberships[0].id, "ministry": self.owner.slug}
        return f"/en/admin/{path.format(**values)}"

    def review(self, version_id: int | None) -> str:
        return f"/en/moderation/textes/{version_id}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, clock = tmp_path_factory.mktemp("pseudo"), Clock()
    database = SqliteDatabase(folder)
    with demo_site(folder, database.url, clock) as app:
        database.migrated(app)
        assert fill(app, NOW - timedelta(days=2))
        speak_pseudo(app, folder / "pseudo")
        yield Site(app, Make(app, clock))


def _form_used_twice(site: Site) -> Page:
    path, browser = f"/en/commenter?sujet={site.commitment.topic.key}", site.browser()
    values = browser.get_page(path).form() | {"email": "deux@exemple.test"}
    assert browser.post(path, data={**values, "body": "Un premier texte, assez long."}).status_code == 303
    return browser.page(browser.post(path, data={**values, "body": "Un second texte, assez long."}))


def _decided_just_now(site: Site) -> Page:
    """The queue, with what the last decision left to be said."""
    waiting = site.text(ContributionStatus.PENDING)
    answer = site.moderator.send(site.review(waiting.current_version_id), {"action": "publish"})
    return site.moderator.get_page(answer.headers["Location"])


def _decided_by_somebody_else(site: Site) -> Page:
    waiting = site.text(ContributionStatus.PENDING)
    path = site.review(waiting.current_version_id)
    values = site.moderator.get_page(path).form()
    site.moderator.post(path, data=values | {"action": "publish"})
    return site.moderator.page(
        site.moderator.post(path, data=values | {"action": "reject", "ground": "insult", "facts": "Des faits assez longs."})
    )


def _correction_waits(site: Site) -> Page:
    published = site.text(ContributionStatus.PUBLISHED)
    version = site.make.correction(published, "Une nouvelle version du même texte.")
    site.citizen.get_page(f"/en{site.make.private_path(published)}")
    return site.moderator.get_page(site.review(version.id))


def _own_text(site: Site) -> Page:
    own = site.make.comment(topic=site.commitment.topic, status=ContributionStatus.PENDING, email="zoe@exemple.test", name=None)
    return site.moderator.get_page(site.review(own.current_version_id))


def _replaced_text(site: Site) -> Page:
    waiting = site.text(ContributionStatus.PENDING)
    site.make.correction(waiting, "Une nouvelle version du texte qui attend.")
    return site.moderator.get_page(site.review(waiting.current_version_id))


def private(status: ContributionStatus, rest: str = "") -> Callable[[Site], Page]:
    return lambda site: site.browser().get_page(site.private(status, rest))


def own_request(status: CaseStatus, rest: str = "") -> Callable[[Site], Page]:
    return lambda site: site.browser().get_page(site.request(status, rest))


def answers_in_figures(site: Site) -> Page:
    """The page once the day's figures are there."""
    with site.app.app_context(), unit_of_work():
        statistics.keep(statistics.compute(at=NOW), at=NOW)
    return site.browser().get_page("/en/transparence/reponses")


S = ContributionStatus
WAITING = S.AWAITING_CONFIRMATION
VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "home": ("public.home", get("/en/")),
    "answers in figures, before": ("public.answers_given", get("/en/transparence/reponses")),
    "answers in figures": ("public.answers_given", answers_in_figures),
    "open data": ("public.open_data", get("/en/donnees-ouvertes/")),
    "list": ("public.commitments", get("/en/engagements/")),
    "second page of the list": ("public.commitments", get("/en/engagements/?plan=demonstration-2024-2026&apres=2")),
    "list without a match": ("public.commitments", get("/en/engagements/?q=zzz")),
    "commitment": ("public.commitment", lambda site: site.browser().get_page(f"/en/engagements/plan-essai/{site.commitment.number}")),
    "commitment of the demo": ("public.commitment", get("/en/engagements/demonstration-2024-2026/1")),
    "barometers": ("public.barometers", get("/en/barometre/")),
    "barometer": ("public.barometer", get("/en/barometre/essai/")),
    "barometer, a word": ("public.barometer", get("/en/barometre/essai/?q=indicateur")),
    "barometer, nothing found": ("public.barometer", get("/en/barometre/essai/?q=zzz")),
    "barometer, all withdrawn": ("public.barometer", get("/en/barometre/retire/")),
    "territories": ("public.territories", get("/en/barometre/essai/territoires/")),
    "territories, several": ("public.territories", get("/en/barometre/essai/territoires/?lieu=loire")),
    "territories, uncovered": ("public.territories", get("/en/barometre/essai/territoires/?lieu=97500")),
    "territories, unknown": ("public.territories", get("/en/barometre/essai/territoires/?lieu=zzz")),
    "territory": ("public.territory", get("/en/barometre/essai/territoires/D69")),
    "territory, nothing published": ("public.territory", get("/en/barometre/essai/territoires/D01")),
    "indicator": ("public.indicator", get("/en/barometre/essai/indicateurs/IND-001")),
    "indicator in a territory": ("public.indicator", get("/en/barometre/essai/indicateurs/IND-001?territoire=D69")),
    "indicator, nothing published": ("public.indicator", get("/en/barometre/essai/indicateurs/IND-001?territoire=D01")),
    "indicator, gone": ("public.indicator", get("/en/barometre/essai/indicateurs/IND-003")),
    "editions": ("public.editions", get("/en/barometre/essai/editions/")),
    "edition": ("public.edition", get("/en/barometre/essai/editions/2026-01-31")),
    "edition, everything": ("public.edition", get("/en/barometre/essai/editions/2026-01-31?taille=toutes")),
    "edition, nothing found": ("public.edition", get("/en/barometre/essai/editions/2026-01-31?territoire=D01")),
    "first edition": ("public.edition", get("/en/barometre/essai/editions/2025-06-30")),
    "edition, withdrawn": ("public.edition", get("/en/barometre/retire/editions/2026-01-31")),
    "comment on an indicator": ("public.comment", get("/en/commenter?sujet=indicateur:essai:IND-001")),
    "ask": (
        "public.ask",
        lambda site: site.browser().get_page(f"/en/demandes/nouvelle?sujet={site.commitment.topic.key}&territoire=D69&date=2023-12-31"),
    ),
    "ask, empty": ("public.ask", refused(lambda site: f"/en/demandes/nouvelle?sujet={site.commitment.topic.key}")),
    "comment": ("public.comment", lambda site: site.browser().get_page(f"/en/commenter?sujet={site.commitment.topic.key}")),
    "comment, empty": ("public.comment", refused(lambda site: f"/en/commenter?sujet={site.commitment.topic.key}")),
    "comment, wrong": (
        "public.comment",
        refused(
            lambda site: f"/en/commenter?sujet={site.commitment.topic.key}",
            body="x" * 5001,
            public_name="n" * 90,
            email="nobody",
            key="wrong",
            website="x",
        ),
    ),
    "comment, unreadable": (
        "public.comment",
        refused(lambda site: f"/en/commenter?sujet={site.commitment.topic.key}", body="a\x00b", email="\x00"),
    ),
    "comment, too short": ("public.comment", refused(lambda site: f"/en/commenter?sujet={site.commitment.topic.key}", body="x")),
    "comment, form used twice": ("public.comment", _form_used_twice),
    "confirm": ("public.confirm", lambda site: site.browser().get_page(f"/en{site.make.confirmation_path(site.texts[WAITING])}")),
    **{f"private page, {status}": ("public.private_page", private(status)) for status in ContributionStatus},
    "correct": ("public.correct", private(S.PUBLISHED, "/corriger")),
    "correct, empty": ("public.correct", refused(lambda site: site.private(S.PENDING, "/corriger"), body="")),
    "address": ("public.correct_address", private(WAITING, "/adresse")),
    "address, empty": ("public.correct_address", refused(lambda site: site.private(WAITING, "/adresse"), email="")),
    **{f"private page of a request, {status}": ("public.private_page", own_request(status)) for status in CASES},
    "reply": ("public.reply", own_request(CaseStatus.WAITING, "/repondre")),
    "reply, empty": ("public.reply", refused(lambda site: site.request(CaseStatus.WAITING, "/repondre"), body="")),
    "rate": ("public.rate", own_request(CaseStatus.ANSWERED, "/avis?reponse=no")),
    "rate, nothing chosen": ("public.rate", refused(lambda site: site.request(CaseStatus.ANSWERED, "/avis"))),
    "reopen": ("public.reopen", own_request(CaseStatus.ANSWERED, "/rouvrir")),
    "reopen, empty": ("public.reopen", refused(lambda site: site.request(CaseStatus.ANSWERED, "/rouvrir"), body="")),
    "withdraw": ("public.withdraw", private(S.PUBLISHED, "/retirer")),
    **{
        f"legal, {page}": ("public.legal", get(f"/en/{page}"))
        for page in ("accessibilite", "mentions-legales", "donnees-personnelles", "charte")
    },
    **ACCOUNT_VISITS,
    **PRIVACY_VISITS,
    **EDITION_VISITS,
    **DESK_VISITS,
    **VOICE_VISITS,
    **MEETING_VISITS,
    **REQUEST_VISITS,
    **PROGRESS_VISITS,
    **PLAN_VISITS,
    "queue": ("moderation.queue", lambda site: site.moderator.get_page("/en/moderation/")),
    "queue after a decision": ("moderation.queue", _decided_just_now),
    "review": ("moderation.review", lambda site: site.moderator.get_page(site.review(site.texts[S.PENDING].current_version_id))),
    "review, decided": ("moderation.review", lambda site: site.moderator.get_page(site.review(site.texts[S.REJECTED].current_version_id))),
    "review, correction": ("moderation.review", _correction_waits),
    "review, own": ("moderation.review", _own_text),
    "review, replaced": ("moderation.review", _replaced_text),
    "review, nothing chosen": (
        "moderation.review",
        lambda site: site.moderator.page(site.moderator.send(site.review(site.texts[S.PENDING].current_version_id))),
    ),
    "review, no reasons": (
        "moderation.review",
        lambda site: site.moderator.page(site.moderator.send(site.review(site.texts[S.PENDING].current_version_id), {"action": "reject"})),
    ),
    "review, decided meanwhile": ("moderation.review", _decided_by_somebody_else),
    **ADMIN_VISITS,
    "demo": ("demo.index", get("/en/demo")),
    "demo mails": ("demo.mails", get("/en/demo/courriels")),
    "components": ("catalogue.components", get("/en/composants")),
    "refused to a citizen": ("moderation.queue", lambda site: site.citizen.get_page("/en/moderation/", 403)),
    "nowhere": ("", get("/en/nulle-part", 404)),
}


@pytest.mark.parametrize("name", VISITS)
def test_everything_a_page_says_goes_through_the_catalogue(site, name):
    endpoint, visit = VISITS[name]
    page = visit(site)
    assert page.root.get("lang") == "en"
    # The texts of the law are whole pages in each language, not sentences of the catalogue.
    known = {*KNOWN, TITLE, *site.references, *(request.reference for request in site.requests.values())}
    known |= {site.commitment.plan.title, site.commitment.title}
    assert escaped(page, known, content="ds-prose" if endpoint == "public.legal" else None) == []


def test_no_page_is_forgotten(site):
    endpoints = {rule.endpoint for rule in site.app.url_map.iter_rules()} - NOT_A_PAGE
    assert endpoints == {endpoint for endpoint, _visit in VISITS.values() if endpoint}, "VISITS lacks a page, or has one too many"


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> PageClient:
    """An application whose pages fail."""
    folder = tmp_path_factory.mktemp("broken")
    app = create_app(settings(folder, f"sqlite:///{folder}/absent/nothing.db", ENVIRONMENT="development"))
    app.test_client_class = PageClient

    @app.route("/refus/<int:code>")
    @public
    def refuse(code: int) -> str:
        abort(code)

    speak_pseudo(app, folder / "pseudo")
    found = app.test_client()
    assert isinstance(found, PageClient)
    return found


@pytest.mark.parametrize("code", CODES)
def test_everything_an_error_page_says_goes_through_the_catalogue(broken, code):
    assert escaped(broken.get_page(f"/en/refus/{code}", code), KNOWN) == []


def test_a_page_that_keeps_a_text_too(broken):
    answer = broken.post("/en/commenter?sujet=engagement:a:1", data={"body": "Un texte que je ne veux pas perdre."})
    assert escaped(broken.page(answer), {*KNOWN, "Un texte que je ne veux pas perdre."}) == []


def test_a_refusal_in_plain_text_too(broken):
    assert broken.get("/en/", headers={"Host": "evil.example"}).text.startswith("⟦")
