"""Meetings and productions through the pages: bad input said in words, safe files, and no door to what was withdrawn."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from feedback_app.domain import attachment
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.meeting import MeetingStatus
from feedback_app.domain.policy import Role
from feedback_app.models import Contribution, Meeting, MeetingFile
from feedback_app.web.meeting_form import moment
from tests.attachments import odt, pdf

S = MeetingStatus
TYPED = {
    "kind": "workshop",
    "title": "Relire la liste des stations",
    "starts": "2026-03-20T14:30",
    "ends": "2026-03-20 16:00",
    "place": "Lyon",
    "organisers": "La direction des rivières",
    "description": "Nous relirons ensemble la liste des stations.",
}


def test_a_ministry_writes_publishes_and_adds_minutes(make, sign_in, client):
    ministry = make.ministry("Ministère des Routes")
    contact, validator = (sign_in(person) for person in make.team(ministry))
    commitment = make.commitment(ministry=ministry)
    minutes = odt()
    about = f"http://localhost/engagements/{commitment.plan.slug}/{commitment.number}"
    answer = contact.send("/ministere/rendez-vous/nouveau", {**TYPED, "about": about, "file": (io.BytesIO(minutes), "Compte rendu.odt")})
    assert answer.status_code == 303
    (made,) = make.all(Meeting)
    path = f"/rendez-vous/{made.id}"
    assert client.get(path).status_code == 404
    page = validator.get_page(f"/ministere{path}")
    validator.post(f"/ministere{path}/publier", data=page.form(0))
    shown = client.get_page(path)
    for words in ("Relire la liste des stations", "20 mars 2026, de 14:30 à 16:00", "Lyon", "Ministère des Routes", commitment.title):
        assert words in shown.text("main")
    assert "Relire la liste des stations" in client.get_page("/").text("main")
    assert "Relire la liste des stations" in client.get_page(f"/engagements/{commitment.plan.slug}/{commitment.number}").text("main")
    file = client.get(f"{path}/compte-rendu")
    assert (
        file.headers["Content-Disposition"].startswith('attachment; filename="Compte rendu.odt"')
        or "Compte rendu.odt" in file.headers["Content-Disposition"]
    )
    assert (file.mimetype, file.headers["X-Content-Type-Options"]) == (attachment.ODT, "nosniff")
    assert "default-src 'none'" in file.headers["Content-Security-Policy"]
    assert file.get_data() == minutes


def test_sent_twice_it_is_one_meeting_and_another_day_makes_another(make, sign_in):
    contact, _validator = (sign_in(person) for person in make.team(make.ministry()))
    path = "/ministere/rendez-vous/nouveau"
    form = contact.get_page(path).form() | TYPED
    answers = [contact.post(path, data=form | changes) for changes in ({}, {}, {"starts": "2026-03-27T14:30", "ends": ""})]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert answers[0].location == answers[1].location != answers[2].location
    assert len(make.all(Meeting)) == 2


def test_it_is_withdrawn_after_one_more_question_since_it_does_not_come_back(make, sign_in, client):
    ministry = make.ministry()
    made, contact = make.meeting(ministry=ministry), sign_in(make.person(ministry=ministry))
    path = f"/ministere/rendez-vous/{made.id}/retirer"
    assert path in contact.get_page(f"/ministere/rendez-vous/{made.id}").links()
    assert "On ne peut pas revenir en arrière" in contact.get_page(path).text("main")
    assert client.get(f"/rendez-vous/{made.id}").status_code == 200
    assert contact.send(path, {}).status_code == 303
    assert client.get(f"/rendez-vous/{made.id}").status_code == 404
    assert contact.get(path).status_code == 303, "there is nothing left to ask"


def test_what_is_withdrawn_is_behind_no_door(make, sign_in, client):
    file = attachment.judge("minutes.pdf", pdf())
    commitment = make.commitment()
    made = make.meeting(title="Un rendez-vous annulé", file=file, topic_ids=frozenset({commitment.topic_id}), status=S.WITHDRAWN)
    proposed = make.proposal(title="Une proposition qui attend", status=ContributionStatus.PENDING)
    for one in (made, proposed):
        for path in (f"/rendez-vous/{one.id}", f"/rendez-vous/{one.id}/compte-rendu"):
            assert client.get(path).status_code == 404
    for path in (
        "/",
        "/rendez-vous/",
        "/rendez-vous/?quand=passes",
        "/rendez-vous/calendrier.ics",
        f"/engagements/{commitment.plan.slug}/{commitment.number}",
    ):
        seen = client.get(path).get_data(as_text=True)
        assert "Un rendez-vous annulé" not in seen, path
        assert "Une proposition qui attend" not in seen, path


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": "2026-03-20T14:00"}, "La fin vient avant le début"),
        ({"starts": "demain"}, "Début : écrivez le jour et l’heure ainsi"),
        ({"starts": ""}, "Indiquez le jour et l’heure du début."),
        ({"place": ""}, "Indiquez un lieu, ou une adresse en ligne."),
        ({"link": "javascript:alert(1)"}, "Cette adresse doit commencer par https://"),
        ({"participants": "beaucoup"}, "Écrivez un nombre entier"),
        ({"about": "CH-999"}, "Inconnu ici : CH-999."),
        ({"kind": "party"}, "Choisissez de quoi il s’agit."),
        ({"title": ""}, "Donnez un titre."),
    ],
)
def test_what_cannot_be_is_said_in_words_and_the_text_stays(make, sign_in, client, changes, words):
    staff = sign_in(make.person(roles=(Role.COORDINATOR,)))
    for browser, path in ((staff, "/ministere/rendez-vous/nouveau"), (client, "/rendez-vous/proposer")):
        answer = browser.send(path, {**TYPED, "email": "asso@exemple.test", **changes})
        assert answer.status_code == 422
        page = browser.page(answer)
        assert words in page.text("main").replace("\u00a0", " ")
        assert page.form()["description"] == TYPED["description"]
    assert make.all(Meeting) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("../../etc/minutes.pdf", pdf(), "contient un chemin ou des caractères interdits"),
        ("minutes.pdf", b"MZ a program", "ni un PDF ni un ODT"),
        ("minutes.odt", odt()[:-30], "abîmé ou incomplet"),
        ("minutes.odt", odt(more={"Pictures/0.png": b"\0" * (101 * 1024 * 1024)}, deflate=True), "beaucoup trop une fois ouvert"),
    ],
)
def test_a_file_that_lies_is_refused_and_the_text_stays(make, sign_in, name, content, words):
    staff = sign_in(make.person(roles=(Role.COORDINATOR,)))
    answer = staff.send("/ministere/rendez-vous/nouveau", {**TYPED, "file": (io.BytesIO(content), name)})
    assert answer.status_code == 422
    page = staff.page(answer)
    assert words in page.text("main")
    assert page.form()["description"] == TYPED["description"]
    assert make.all(MeetingFile) == []


def test_a_citizen_proposes_confirms_and_is_published(make, client, sign_in, outbox):
    client.send("/rendez-vous/proposer", {**TYPED, "email": "asso@exemple.test"})
    (sent,) = make.all(Contribution)
    assert sent.status is ContributionStatus.AWAITING_CONFIRMATION
    page = client.get_page(make.confirmation_path(sent))
    assert "Relire la liste des stations" in page.text("main")
    client.post(make.confirmation_path(sent), data=page.form())
    (made,) = make.all(Meeting)
    moderator = sign_in(make.moderator())
    review = moderator.get_page(f"/moderation/textes/{sent.current_version_id}").text("main")
    for words in ("Atelier", "2026-03-20 14:30", "Lyon", "La direction des rivières"):
        assert words in review
    moderator.send(f"/moderation/textes/{sent.current_version_id}", {"action": "publish"})
    shown = client.get_page(f"/rendez-vous/{made.id}").text("main")
    assert "Société civile" in shown
    assert "asso@exemple.test" not in shown
    private = client.get_page(make.private_path(sent))
    assert "Corriger" not in private.text("main")
    client.send(f"{make.private_path(sent)}/retirer", {})
    assert client.get(f"/rendez-vous/{made.id}").status_code == 404


def test_the_calendar_says_what_is_public_and_names_nobody(make, client):
    make.meeting(title="Réunion; publique, à Lyon")
    make.proposal(title="Lecture d’une association", email="asso@exemple.test")
    make.proposal(title="Une proposition qui attend", status=ContributionStatus.PENDING)
    answer = client.get("/rendez-vous/calendrier.ics")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/calendar"
    assert text.count("BEGIN:VEVENT") == 2
    assert "SUMMARY:Réunion\\; publique\\, à Lyon\r\n" in text
    assert "DTSTART:20260316T100000Z\r\n" in text
    assert "qui attend" not in text
    assert "asso@exemple.test" not in text


def test_the_calendar_has_the_words_of_a_description_without_its_marks(make, client):
    make.meeting(title="Réunion", description="Pour **tous**, voir [le plan](/engagements/).")
    make.proposal(title="Lecture", description="Un texte **tel quel** de citoyenne, pour parler du plan.")
    text = client.get("/rendez-vous/calendrier.ics").get_data(as_text=True).replace("\r\n ", "")
    assert "DESCRIPTION:Pour tous\\, voir le plan (http://localhost/engagements/)." in text
    assert "DESCRIPTION:Un texte **tel quel** de citoyenne" in text


def test_the_second_of_two_editors_gets_both_texts(make, sign_in):
    ministry = make.ministry()
    made = make.meeting(ministry=ministry, status=S.PREPARED)
    first, second = sign_in(make.person(ministry=ministry)), sign_in(make.person(ministry=ministry))
    path = f"/ministere/rendez-vous/{made.id}/modifier"
    values = {**second.get_page(path).form(), **TYPED}
    first.send(path, {**TYPED, "description": "Ce que la première personne a écrit."})
    answer = second.post(path, data=values)
    assert answer.status_code == 409
    page = second.page(answer)
    assert "Ce que la première personne a écrit." in page.text("main")
    assert page.form()["description"] == TYPED["description"]


def test_a_meeting_of_another_ministry_is_not_there(make, sign_in):
    made = make.meeting(ministry=make.ministry(), status=S.PREPARED)
    stranger = sign_in(make.person(ministry=make.ministry()))
    assert {stranger.get(f"/ministere/rendez-vous/{made.id}{rest}").status_code for rest in ("", "/modifier")} == {404}
    assert sign_in(make.person()).get("/ministere/rendez-vous").status_code == 403


@pytest.mark.parametrize(
    "typed",
    ["2026-03-20T14:30", "2026-03-20 14:30", "2026-03-20T14:30:00", "20/03/2026 14:30", "20/3/2026 à 14h30", "20.03.2026, 14 h 30"],
)
def test_a_moment_is_read_as_people_write_it(typed):
    assert moment(typed) == datetime(2026, 3, 20, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "demain",
        "0001-01-01T00:00",
        "32/03/2026 14:30",
        "20/03/26 14:30",
        "20/03/2026",
        "03/20/2026 14:30",
        "20/03/2026 25:00",
        "٢٠/٠٣/2026 14:30",
    ],
)
def test_a_moment_that_nobody_can_read_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011 (the message is the form's)
        moment(typed)
