"""A copy of everything held about a person: whole, about nobody else, made by a job, fetched once."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from flask import Flask

from feedback_app.database import db, unit_of_work
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import NotAllowed, Role
from feedback_app.domain.trace import AccessAction
from feedback_app.models import AccessLog, Identity, PersonalExport
from feedback_app.services import sign_in
from feedback_app.services.privacy import export
from tests.conftest import Clock
from tests.factories import FACTS, Make

EMAIL = "ondine@exemple.test"
FORMULA = '=HYPERLINK("http://evil.example","cliquez ici")'
PATH = "/compte/mes-donnees"


@pytest.fixture
def ondine(app: Flask, make: Make) -> Identity:
    moderator = make.moderator("Camille Modératrice", "camille@exemple.test")
    make.comment(body=FORMULA, email=EMAIL, name="@Ondine")
    make.comment(email=EMAIL, name=None, status=ContributionStatus.REJECTED, moderator=moderator)
    make.comment(body="Le texte de quelqu’un d’autre.", email="autre@exemple.test", name="Autre Personne")
    found = make.identity(EMAIL)
    assert found
    return found


def opened(content: bytes) -> tuple[dict, dict[str, str]]:
    """The JSON of the archive, and its other files as texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return json.loads(texts.pop("donnees.json")), texts


def archive_of(app: Flask, identity: Identity, clock: Clock, language: str = "fr") -> tuple[dict, dict[str, str]]:
    with app.app_context():
        return opened(export.archive(db.session.get_one(Identity, identity.id), language=language, at=clock()))


def test_it_holds_everything_about_the_person_and_nobody_else(app, ondine, clock):
    data, texts = archive_of(app, ondine, clock)

    assert data["identity"][0]["email"] == EMAIL
    assert {row["body"] for row in data["text_version"]} == {FORMULA, "Ce commentaire dit ce que j’en pense."}
    assert [row["facts"] for row in data["moderation_decision"]] == [None, FACTS]
    assert data["signature"][0]["name"] == "@Ondine"
    assert {row["recipient"] for row in data["outgoing_mail"]} == {EMAIL}
    assert set(data) == {name.removesuffix(".csv") for name in texts if name.endswith(".csv")}
    everything = json.dumps(data, ensure_ascii=False) + "".join(texts.values())
    for others in ("autre@exemple.test", "Autre Personne", "quelqu’un d’autre", "Camille", "camille@exemple.test"):
        assert others not in everything


def test_no_hash_and_no_number_of_who_decided_is_copied(app, ondine, clock, make):
    make.session(make.person(email=EMAIL, name="Ondine"))
    data, _texts = archive_of(app, ondine, clock)
    columns = {column for rows in data.values() for row in rows for column in row}
    assert columns & {"token_hash", "form_key", "email_key", "address_hash", "moderator_id", "content"} == set()
    assert data["account_session"]


def test_a_cell_that_begins_like_a_formula_does_not_run(app, ondine, clock):
    _data, texts = archive_of(app, ondine, clock)
    bodies = [row["body"] for row in csv.DictReader(io.StringIO(texts["text_version.csv"]))]
    assert f"'{FORMULA}" in bodies
    assert [row["name"] for row in csv.DictReader(io.StringIO(texts["signature.csv"]))] == ["'@Ondine"]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Ce que Devoir de suite sait de vous"), ("en", "What Devoir de suite knows about you")]
)
def test_a_page_in_the_person_s_language_explains_it(app, ondine, clock, language, words):
    _data, texts = archive_of(app, ondine, clock, language)
    assert texts["LISEZMOI.txt"].startswith(words)


class TestAskedForAndFetched:
    @pytest.fixture
    def browser(self, make, sign_in, ondine):
        return sign_in(make.person(email=EMAIL, name="Ondine"))

    @pytest.fixture
    def link(self, browser, sweep, outbox) -> str:
        browser.send(PATH)
        sweep()
        (found,) = [word for word in outbox.last().text.split() if f"{PATH}/" in word]
        return found.removeprefix("http://localhost")

    def test_the_request_only_asks_and_the_job_makes_it_and_writes(self, browser, make, outbox, sweep):
        before = len(outbox.all())
        assert browser.send(PATH).status_code == 303
        assert "Elle se prépare" in browser.get_page(PATH).text("main")
        assert [row.content for row in make.all(PersonalExport)] == [None]
        assert len(outbox.all()) == before
        sweep()
        assert make.all(PersonalExport)[0].content
        assert outbox.last().recipient == EMAIL

    def test_a_double_click_makes_one(self, browser, make):
        token = browser.get_page(PATH).form()
        for _click in range(2):
            browser.post(PATH, data=token)
        assert len(make.all(PersonalExport)) == 1

    def test_opening_the_link_uses_nothing_up_and_pressing_the_button_does(self, client, link, make):
        for _scan in range(2):
            assert client.get_page(link).h1 == "Télécharger mes données"
        answer = client.post(link)

        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="mes-donnees-2026-03-02.zip"'
        assert answer.headers["Cache-Control"] == "no-store"
        assert opened(answer.data)[0]["identity"][0]["email"] == EMAIL
        assert [row.content for row in make.all(PersonalExport)] == [None]
        assert make.all(AccessLog)[-1].action is AccessAction.EXPORT_FETCHED
        assert client.get_page(link, 410).h1 == "Cette copie n’est plus là"
        assert client.post(link).status_code == 410

    def test_after_a_day_the_link_opens_nothing(self, client, link, clock):
        clock.advance(hours=23, minutes=59)
        assert client.get(link).status_code == 200
        clock.advance(minutes=1)
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410

    def test_a_link_that_was_made_up_opens_nothing(self, client):
        assert client.get_page(f"{PATH}/nothing", 410)

    def test_a_new_copy_takes_the_place_of_the_old_one(self, browser, client, link, make, sweep):
        browser.send(PATH)
        sweep()
        assert client.get(link).status_code == 410
        assert len(make.all(PersonalExport)) == 1

    def test_two_sweeps_make_one_and_send_one_mail(self, browser, outbox, sweep):
        browser.send(PATH)
        for _time in range(2):
            sweep()
        assert len([mail for mail in outbox.all() if mail.key.startswith("export-ready")]) == 1


def test_only_the_person_themselves_may_ask(app, ondine, make, clock):
    somebody = sign_in.actor_of(make.person(roles=tuple(Role)))
    with app.app_context(), unit_of_work():
        identity = db.session.get_one(Identity, ondine.id)
        with pytest.raises(NotAllowed):
            export.ask(identity, actor=somebody, language="fr", at=clock())
