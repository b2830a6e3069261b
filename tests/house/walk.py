"""The whole site, walked by every kind of person: each address read, each form sent, everything answered kept.

Two tests read what the walk brought back: ``test_rights.py`` (who gets in) and ``test_planted_secrets.py`` (what comes out).
A new address usually needs nothing here. Where it does, the tests say which of the tables below wants a line.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from feedback_app import create_app
from feedback_app.database import db
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Ministry
from feedback_app.web.access import Door
from tests.conftest import Clock, settings
from tests.databases import SqliteDatabase
from tests.factories import Make
from tests.house.planted import Planted, plant
from tests.house.test_doors import examples_of
from tests.house.url_list import access_of, writing
from tests.pages import Page, PageClient

# Nobody known, a citizen with an account, each role, each kind of member of the ministry that owns the examples, and of another.
PEOPLE = (
    "anonymous", "citizen", "moderator", "coordinator", "administrator",
    "contact", "validator", "lead", "other contact", "other validator", "other lead",
)  # fmt: skip
# Where no session is read one stranger and one person signed in are enough: test_doors.py proves that the page is the same.
NO_SESSION = {Door.PUBLIC, Door.PUBLIC_FORM, Door.SECRET_LINK}
TWO = ("anonymous", "administrator")

# The query without which an address shows nothing: endpoint -> what follows the question mark, from the examples.
QUERIES: dict[str, Callable[[dict[str, Any]], dict[str, str]]] = {
    "public.ask": lambda examples: {"sujet": f"engagement:{examples['plan']}:{examples['number']}"},
    "public.comment": lambda examples: {"sujet": f"engagement:{examples['plan']}:{examples['number']}"},
}
# What has to be typed into a form before its service accepts it, beside what the form already holds: endpoint -> field -> value.
MEETING = {
    "kind": "workshop",
    "title": "Un atelier nouveau",
    "starts": "2026-03-20T14:30",
    "ends": "",
    "place": "Lyon",
    "organisers": "Une direction",
    "description": "Une présentation assez longue.",
}
BODIES: dict[str, dict[str, str]] = {
    "ministry.edit_meeting": MEETING,
    "ministry.new_meeting": MEETING,
    "public.propose_meeting": {**MEETING, "email": "nouveau@exemple.test"},
    "account.assess": {"stands": "blocked", "body": "Une évaluation assez longue."},
    "admin.add_assessor": {"name": "Noé", "email": "nouveau@exemple.test"},
    "admin.new_organisation": {"name": "Association nouvelle"},
    "admin.add_membership": {"ministry": "ministere-1", "membership": "lead"},
    "admin.invite": {"name": "Noé", "email": "nouveau@exemple.test", "roles": "moderator"},
    "admin.new_ministry": {"name": "Ministère nouveau"},
    "account.erase": {"texts": "keep"},
    "account.sign_in": {"email": "nouveau@exemple.test"},
    "admin.edit_commitment": {"title": "Un titre nouveau", "reason": "Une faute dans le titre."},
    "admin.plan_phase": {"move": "advance"},
    "admin.plan_upload": {"reason": "Le plan a été amendé."},
    "admin.reforms": {"reform": "0.CH-001", "ministry": "-"},
    "admin.send_edition": {"on": "2026-01-31"},
    "admin.withdraw_edition": {"reason": "Les fichiers contenaient une erreur."},
    "ministry.progress": {"done": "Le chantier est ouvert.", "do": "save"},
    "ministry.send_back_progress": {"body": "Donnez un chiffre, merci."},
    "moderation.review": {"action": "publish"},
    "public.ask": {"kind": "clarification", "body": "Une question assez longue.", "email": "nouveau@exemple.test"},
    "public.comment": {"body": "Un commentaire assez long.", "email": "nouveau@exemple.test"},
    "public.correct": {"body": "Le même texte, en mieux écrit."},
    "public.correct_address": {"email": "nouveau@exemple.test"},
    "public.me_too": {"email": "nouveau@exemple.test"},
    "public.own_me_too": {"do": "confirm"},
    "public.rate": {"verdict": "partly"},
    "public.reopen": {"body": "Il manque toujours une année."},
    "public.reply": {"body": "Le Rhône, en 2023."},
}
# Fields that somebody who knows the code would add to a form. None may bind where it is not a field of that form.
FORGED = {
    "role": "administrator", "roles": "administrator", "status": "published", "ministry_id": "1", "ministry": "1", "author_id": "1",
    "identity_id": "1", "account_id": "1", "actor_id": "1", "published_at": "2020-01-01", "confirmed_at": "2020-01-01", "id": "1",
}  # fmt: skip
RAW_TOKEN = "0" * 40


@dataclass(frozen=True)
class Answer:
    """What one person got at one address.

    ``seen``: everything that came out, headers included. ``subject``: the contribution to which a secret address belongs.
    """

    rule: Rule
    person: str
    method: str
    path: str
    status: int
    seen: str
    location: str = ""
    sent: str = ""
    subject: int | None = None

    @property
    def word(self) -> str:
        """``yes``, ``sign-in``, ``no``, or the status that says more."""
        if self.status == 401 or "/compte/connexion?suite=" in self.location:
            return "sign-in"
        return {403: "no"}.get(self.status, "yes" if self.status < 400 else str(self.status))

    @property
    def admitted(self) -> bool:
        return self.word not in {"sign-in", "no", "404"}


@dataclass
class Site:
    """A filled site, who walks it, and the way back to how it was before a form was sent."""

    app: Flask
    database: SqliteDatabase
    make: Make
    people: dict[str, str | None] = field(default_factory=dict)
    examples: dict[str, Any] = field(default_factory=dict)
    planted: Planted = field(default_factory=Planted)

    def browser(self, person: str) -> PageClient:
        """The browser of one of ``PEOPLE``. All hold the same CSRF token, so that one's form can be sent by another."""
        browser, secret = self.app.test_client(), self.people[person]
        if secret:
            with browser.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"], cookie["csrf_token"] = secret, True, RAW_TOKEN
        assert isinstance(browser, PageClient)
        return browser

    @cached_property
    def csrf_token(self) -> str:
        with self.app.test_request_context():
            session["csrf_token"] = RAW_TOKEN
            return str(generate_csrf())

    def restore(self) -> None:
        """Everything as it was."""
        self.database.reset(self.app)

    def rules(self) -> list[Rule]:
        return sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))

    def door(self, rule: Rule) -> str:
        return access_of(self.app, rule.endpoint).split()[0]

    def walkers(self, rule: Rule) -> tuple[str, ...]:
        return TWO if self.door(rule) in NO_SESSION else PEOPLE

    def path(self, rule: Rule, **arguments: object) -> str:
        """The address of a rule with the examples; ``arguments`` replace some."""
        values = {name: value for name, value in {**self.examples, **arguments}.items() if name in rule.arguments}
        missing = rule.arguments - set(values)
        assert not missing, f"{rule.rule}: give examples_of (tests/house/test_doors.py) an example for {missing}"
        query = QUERIES[rule.endpoint](self.examples) if rule.endpoint in QUERIES else {}
        return self.app.url_map.bind("localhost").build(rule.endpoint, {**values, **query})

    def visits(self, rule: Rule) -> list[tuple[str, int | None]]:
        """Each address of a rule that is worth a visit, the example first, and whose text a secret address belongs to."""
        tokens = self.planted.tokens.get(rule.endpoint)
        if tokens:
            return [(self.path(rule, token=token), subject) for token, subject in tokens]
        first = self.planted.references.get(rule.endpoint)
        found = [self.path(rule, **({"reference": first} if first else {}), **self.planted.places.get(rule.endpoint, {}))]
        for name in sorted(rule.arguments & set(self.planted.arguments)):
            found += [self.path(rule, **{name: value}) for value in self.planted.arguments[name]]
        return [(path, None) for path in dict.fromkeys(found)]


@contextmanager
def filled_site(folder: Path) -> Iterator[Site]:
    """The site without its demo, on a SQLite file (rights are the same on both databases), with planted secrets."""
    database, clock = SqliteDatabase(folder), Clock()
    app = create_app(settings(folder, database.url))
    app.test_client_class, app.config["CLOCK"] = PageClient, clock
    database.migrated(app)
    make = Make(app, clock)
    owner, other = make.ministry("Ministère propriétaire"), make.ministry("Autre ministère")
    site = Site(app, database, make)
    site.examples = examples_of(make, owner)
    site.people = _people(make, owner, other)
    site.planted = plant(make, owner)
    with app.app_context():
        db.engine.dispose()
    database.template = folder / "filled.db"
    shutil.copy(database.path, database.template)
    try:
        yield site
    finally:
        with app.app_context():
            db.engine.dispose()


def address_of(person: str) -> str:
    """The e-mail address of one of ``PEOPLE``: a secret to everybody else."""
    return f"mirabelle.{person.replace(' ', '-')}@staff.exemple.test"


def _people(make: Make, owner: Ministry, other: Ministry) -> dict[str, str | None]:
    found: dict[str, str | None] = {"anonymous": None}
    for person in PEOPLE[1:]:
        rights: dict[str, Any] = {}
        if person in set(Role):
            rights = {"roles": (Role(person),)}
        elif person != "citizen":
            rights = {"ministry": other if person.startswith("other") else owner, "kind": MembershipKind(person.split()[-1])}
        account = make.person(email=address_of(person), name=f"Mirabelle {person}", **rights)
        if person == "citizen":
            make.citizen(account)
        found[person] = make.session(account)
    return found


def walk(site: Site) -> list[Answer]:
    """Read every address and send every form, as everybody. The site is as before afterwards."""
    answers: list[Answer] = []
    for rule in site.rules():
        site.restore()
        read = list(_read(site, rule)) if "GET" in (rule.methods or set()) else []
        answers += read
        if writing(rule):
            answers += _send(site, rule, read)
    site.restore()
    return answers


def _read(site: Site, rule: Rule) -> Iterator[Answer]:
    for path, subject in site.visits(rule):
        for person in site.walkers(rule):
            response = site.browser(person).get(path, buffered=True)
            yield _answer(rule, person, "GET", path, response, subject=subject)


def _send(site: Site, rule: Rule, read: list[Answer]) -> Iterator[Answer]:
    """The form as its page gives it to whoever may open it, filled, with forged fields beside it, sent by each person."""
    path, subject = site.visits(rule)[0]
    body = filled_form(site, rule, read)
    for person in site.walkers(rule):
        response = site.browser(person).post(path, data={**FORGED, **body}, buffered=True)
        yield _answer(rule, person, "POST", path, response, subject=subject, sent=repr(body))
        if response.status_code < 400 or response.status_code == 429:
            site.restore()


def filled_form(site: Site, rule: Rule, read: list[Answer]) -> dict[str, str]:
    """What a person who may would send."""
    path, _subject = site.visits(rule)[0]
    pages = (answer for answer in read if answer.status == 200 and answer.path == path and answer.method == "GET")
    forms = (_last_form(Page(page.seen.partition("\n\n")[2])) for page in pages)
    form = next((form for form in forms if form), {})  # somebody may be let in and find no form: they wrote it, or it is not theirs
    return {**form, **BODIES.get(rule.endpoint, {}), **site.planted.bodies.get(rule.endpoint, {}), "csrf_token": site.csrf_token}


def _last_form(page: Page) -> dict[str, str]:
    return page.form() if page.all("main//form") else {}


def _answer(rule: Rule, person: str, method: str, path: str, response: TestResponse, **more: Any) -> Answer:
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers if name != "Location")
    text = response.get_data().decode("utf-8", "replace")
    return Answer(
        rule, person, method, path, response.status_code, f"{headers}\n\n{text}", location=response.headers.get("Location", ""), **more
    )
