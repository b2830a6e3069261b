"""The coordination: it says who answers, and never answers."""

from __future__ import annotations

from feedback_app.domain.case import CaseStatus
from tests.pages import words
from tests.web.ministry.test_case import FRAME

S = CaseStatus
REASON = "Une raison assez longue pour être lue."


def test_what_has_no_ministry_and_what_is_in_arbitration_waits_there(desk, make, sign_in):
    from feedback_app.database import db
    from feedback_app.models import Topic

    orphan_topic = make.commitment().topic
    with make._work():
        db.session.get_one(Topic, orphan_topic.id).ministry_id = None
    orphan, disputed = make.request(topic=make.one(Topic, orphan_topic.id)), desk.request(S.ARBITRATION)
    desk.request()
    page = sign_in(desk.coordinator).get_page("/coordination/")
    assert {words(row.findall(".//a")[0]) for row in page.all("tbody/tr")} == {orphan.reference, disputed.reference}


def test_a_case_is_given_to_a_ministry_with_a_reason_that_it_reads(desk, make, sign_in):
    request, browser = desk.request(S.ARBITRATION), sign_in(desk.coordinator)
    link = f"/coordination/dossiers/{request.reference}/attribuer"
    assert link in browser.get_page("/coordination/").links()
    assert browser.send(link, {"body": REASON}).status_code == 422
    assert browser.send(link, {"to": desk.other.slug, "body": REASON}).status_code == 303
    assert (make.reload(request).ministry_id, make.reload(request).status) == (desk.other.id, S.OPEN)
    assert REASON in sign_in(desk.neighbour).get_page(f"/ministere/dossiers/{request.reference}").text("main")


def test_delays_across_ministries_the_longest_first(desk, make, sign_in, clock):
    first = desk.request()
    clock.advance(days=14)
    second = make.request(topic=make.commitment(ministry=desk.other).topic)
    clock.advance(days=31)
    page = sign_in(desk.coordinator).get_page("/coordination/?onglet=retards")
    rows = [words(row) for row in page.all("tbody/tr")]
    assert [row.split()[0] for row in rows] == [first.reference, second.reference]
    assert "Deux fois le délai" in rows[0]
    assert "Deux fois le délai" not in rows[1]
    assert "Ministère des Ponts" in rows[1]


def test_the_coordinator_reads_a_case_and_cannot_answer_it(desk, sign_in):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.coordinator)
    page = browser.get_page(f"/ministere/dossiers/{request.reference}")
    assert "Attribuer à un ministère" in page.text("main")
    assert "Répondre" not in page.text("main")
    for rest in ("/reponse", "/question", "/confier", "/reponse/publier"):
        assert browser.get(f"/ministere/dossiers/{request.reference}{rest}").status_code == 403, rest


def test_nobody_else_gets_in(desk, make, sign_in):
    request = desk.request(S.ARBITRATION)
    for person in (desk.contact, desk.lead, make.moderator(), make.person()):
        assert sign_in(person).get("/coordination/").status_code == 403
        assert sign_in(person).get(f"/coordination/dossiers/{request.reference}/attribuer").status_code == 403


def test_an_answered_case_is_not_routed_any_more(desk, sign_in):
    request = desk.request(S.ANSWERED)
    page = sign_in(desk.coordinator).get_page(f"/coordination/dossiers/{request.reference}/attribuer")
    assert "Ce n’est pas possible maintenant" in page.text()


def test_the_list_costs_the_same_whatever_its_volume(desk, sign_in, statements):
    for _number in range(12):
        desk.request(S.ARBITRATION)
    browser = sign_in(desk.coordinator)
    with statements() as seen:
        browser.get_page("/coordination/")
    assert len([statement for statement in seen if not any(table in statement for table in FRAME)]) <= 3, seen
