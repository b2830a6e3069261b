"""The desk of a ministry: what is to be done, the nearest deadline first, and nothing of anybody else."""

from __future__ import annotations

import pytest

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind
from feedback_app.services.cases import closing, transfers
from feedback_app.services.cases import tabs as counting
from feedback_app.services.cases.beginning import Figure
from feedback_app.web.ministry import desk as desk_pages
from tests.pages import Page, words

S = CaseStatus


def rows(page: Page) -> list[str]:
    """The rows of the list, in words."""
    return [words(row) for row in page.all("tbody/tr")]


def references(page: Page) -> list[str]:
    return [words(row.findall(".//a")[0]) for row in page.all("tbody/tr")]


def tabs(page: Page) -> dict[str, int]:
    """The tabs with their counts."""
    found = {}
    for link in page.all("nav[@class='ds-tabs'][@aria-label='Où en sont les demandes']//a"):
        name, count = words(link).rsplit(" ", 1)
        found[name] = int(count)
    return found


def test_each_tab_holds_what_its_name_says(desk, make, sign_in, clock):
    made = {status: desk.request(status) for status in (S.OPEN, S.ASSIGNED, S.WAITING, S.ANSWERED)}
    proposed = desk.request(S.ASSIGNED, contact=desk.colleague)
    make.draft(proposed, contact=desk.colleague, propose=True)
    elsewhere = make.commitment(ministry=desk.other).topic
    offered = make.request(topic=elsewhere, status=S.TRANSFER_OFFERED, other=desk.ministry)
    browser = sign_in(desk.contact)
    assert tabs(browser.get_page("/ministere/")) == {
        "À prendre": 1, "Mes dossiers": 1, "En cours": 3, "En attente du citoyen": 1, "À valider": 1, "Transferts proposés": 1,
        "En retard": 0,        "Rouvertes": 0, "Répondues": 1,
    }  # fmt: skip
    for name, request in {
        "a-prendre": made[S.OPEN],
        "mes-dossiers": made[S.ASSIGNED],
        "en-attente": made[S.WAITING],
        "a-valider": proposed,
        "transferts": offered,
        "repondues": made[S.ANSWERED],
    }.items():
        assert references(browser.get_page(f"/ministere/?onglet={name}")) == [request.reference], name
    clock.advance(days=40)
    assert tabs(sign_in(desk.contact).get_page("/ministere/"))["En retard"] == 3, "what waits for the citizen is never late"


def test_a_row_says_everything_and_its_button_does_the_next_thing(desk, sign_in, make):
    request = desk.request(body="Pourquoi la route est-elle fermée depuis deux ans ?")
    browser = sign_in(desk.contact)
    page = browser.get_page("/ministere/")
    (row,) = rows(page)
    for word in (request.reference, "Pourquoi la route", "Des routes sans trous", "personne", "Encore 15 jours ouvrés", "Prendre"):
        assert word in row
    answer = browser.post(f"/ministere/dossiers/{request.reference}/prendre", data=page.form(-1))
    assert answer.status_code == 303
    assert make.reload(request).assignee_id == desk.contact.identity_id
    (row,) = rows(browser.get_page("/ministere/?onglet=mes-dossiers"))
    assert "vous" in row
    assert "Répondre" in row


def test_a_case_whose_answer_is_proposed_says_what_it_waits_for_instead_of_asking_for_one(desk, make, sign_in):
    proposed, mine = (desk.request(S.ASSIGNED, contact=desk.contact) for _time in range(2))
    make.draft(proposed, contact=desk.contact, propose=True)
    make.draft(mine, contact=desk.contact)
    browser = sign_in(desk.contact)
    for tab in ("mes-dossiers", "en-cours"):
        shown = dict(zip(references(page := browser.get_page(f"/ministere/?onglet={tab}")), rows(page), strict=True))
        assert "Réponse en relecture" in shown[proposed.reference], tab
        assert "Répondre" not in shown[proposed.reference], tab
        assert "Ouvrir" in shown[proposed.reference], tab
        assert "Répondre" in shown[mine.reference], "a draft is no answer yet"
        assert "en relecture" not in shown[mine.reference]
    assert "en relecture" not in "".join(rows(browser.get_page("/ministere/?onglet=a-valider"))), "the tab says it"
    sign_in(desk.validator).send(f"/ministere/dossiers/{proposed.reference}/reponse/renvoyer", {"body": "Citez la source."})
    page = browser.get_page("/ministere/?onglet=mes-dossiers")
    assert "Répondre" in dict(zip(references(page), rows(page), strict=True))[proposed.reference]


def test_what_another_ministry_had_proposed_is_not_told_where_the_case_went(desk, make, sign_in, play):
    request = desk.request(S.ASSIGNED, contact=desk.contact)
    make.draft(request, contact=desk.contact, propose=True)
    play(transfers.offer, request, desk.contact, desk.other, reason="Votre service tient ce registre.")
    play(transfers.accept, request, desk.neighbour)
    (row,) = rows(sign_in(desk.neighbour).get_page("/ministere/?onglet=a-prendre"))
    assert "en relecture" not in row


def test_the_nearest_deadline_comes_first_and_lateness_is_in_words(desk, sign_in, clock):
    first = desk.request()
    clock.advance(days=3)
    second = desk.request()
    clock.advance(days=20)
    page = sign_in(desk.contact).get_page("/ministere/?onglet=a-prendre")
    assert references(page) == [first.reference, second.reference]
    assert "En retard de 2 jours ouvrés" in rows(page)[0]
    assert "Encore 1 jour ouvré" in rows(page)[1]


@pytest.mark.parametrize("query", ["nature=access", "territoire=D69", "q=cantine", "q={reference}", "personne={person}", "sujet={topic}"])
def test_the_list_is_narrowed_and_searched(desk, make, sign_in, query):
    other = make.commitment(ministry=desk.ministry, title="Des ponts solides").topic
    figure = Figure("D69", None)
    found = desk.request(
        S.ASSIGNED, topic=other, kind=ContributionKind.ACCESS, contact=desk.colleague, figure=figure, body="Une question de cantine."
    )
    desk.request(S.ASSIGNED, contact=desk.colleague, body="Une tout autre question.")
    facts = {"reference": found.reference, "person": desk.colleague.identity_id, "topic": found.topic_id}
    if query.startswith("personne"):
        desk.request(S.ASSIGNED, contact=desk.contact)
        with_both = sign_in(desk.contact).get_page(f"/ministere/?onglet=mes-dossiers&{query.format(**facts)}")
        assert rows(with_both) == []
        return
    page = sign_in(desk.colleague).get_page(f"/ministere/?onglet=mes-dossiers&{query.format(**facts)}")
    assert references(page) == [found.reference]


@pytest.mark.parametrize("query", ["onglet=rien", "nature=x", "sujet=x", "territoire=x", "personne=-1", "apres=x", "q=%25", "q=_____"])
def test_what_nobody_can_read_narrows_nothing_and_breaks_nothing(desk, sign_in, query):
    request = desk.request(body="Une question sans signe spécial.")
    page = sign_in(desk.contact).get_page(f"/ministere/?{query}")
    assert references(page) == ([] if query.startswith("q=") else [request.reference])


def test_a_person_of_two_ministries_chooses(make, desk, sign_in):
    request = make.request(topic=make.commitment(ministry=desk.other).topic)
    with make._work():
        from feedback_app.database import db
        from feedback_app.domain.policy import MembershipKind
        from feedback_app.models import Account, Ministry
        from feedback_app.services import accounts

        both = db.session.get_one(Account, desk.contact.id)
        accounts.grant_membership(both, db.session.get_one(Ministry, desk.other.id), MembershipKind.CONTACT, at=make.clock())
    browser = sign_in(desk.contact)
    assert references(browser.get_page(f"/ministere/?ministere={desk.other.slug}")) == [request.reference]
    assert references(browser.get_page(f"/ministere/?ministere={desk.ministry.slug}")) == []


def test_another_ministry_s_desk_is_not_there(desk, sign_in):
    desk.request()
    assert references(sign_in(desk.neighbour).get_page("/ministere/")) == []
    assert sign_in(desk.neighbour).get(f"/ministere/?ministere={desk.ministry.slug}").status_code == 404


def test_the_list_goes_on_and_comes_back(desk, sign_in, monkeypatch):
    monkeypatch.setattr(desk_pages, "DESK_SIZE", 2)
    made = [desk.request().reference for _number in range(3)]
    browser = sign_in(desk.contact)
    first = browser.get_page("/ministere/")
    second = browser.get_page(first.next_page or "")
    assert references(first) + references(second) == made


@pytest.mark.parametrize("many", [1, 25])
def test_the_desk_costs_the_same_whatever_its_volume(desk, sign_in, statements, many):
    for _number in range(many):
        desk.request()
    browser = sign_in(desk.contact)
    with statements() as seen:
        browser.get_page("/ministere/")
    assert len(seen) <= 12, seen


def test_a_reopened_request_has_its_tab(desk, sign_in, play):
    request = desk.request(S.CLOSED)
    play(closing.reopen, request, None, "Il manque toujours une année.", form_key="again", language="fr")
    page = sign_in(desk.contact).get_page("/ministere/?onglet=rouvertes")
    assert references(page) == [request.reference]
    assert "Rouverte" in rows(page)[0]


def test_a_withdrawn_request_is_nowhere(desk, sign_in):
    desk.request(S.WITHDRAWN)
    page = sign_in(desk.contact).get_page("/ministere/")
    assert set(tabs(page).values()) == {0}


def test_what_is_late_is_said_on_every_tab(desk, sign_in, clock):
    desk.request(S.ASSIGNED, contact=desk.colleague)
    assert "en retard" not in sign_in(desk.contact).get_page("/ministere/").text("main").replace("En retard", "")
    clock.advance(days=40)
    page = sign_in(desk.contact).get_page("/ministere/?onglet=a-prendre")
    assert "1 demande est en retard" in page.text("main")
    assert f"/ministere/?ministere={desk.ministry.slug}&onglet=en-retard" in page.links()


def test_whoever_publishes_begins_with_what_waits_for_them(desk, make, sign_in):
    desk.request(S.OPEN)
    proposed = desk.request(S.ASSIGNED, contact=desk.colleague)
    make.draft(proposed, contact=desk.colleague, propose=True)
    assert references(sign_in(desk.validator).get_page("/ministere/")) == [proposed.reference]
    assert references(sign_in(desk.contact).get_page("/ministere/")) != [proposed.reference]


def test_where_counting_stops_the_count_says_so(desk, sign_in, clock, monkeypatch):
    monkeypatch.setattr(counting, "COUNT_CAP", 2)
    for _number in range(3):
        desk.request()
    clock.advance(days=40)
    page = sign_in(desk.contact).get_page("/ministere/")
    assert [words(link) for link in page.all("nav[@class='ds-tabs']//a") if "prendre" in words(link)] == ["À prendre 2+"]
    assert "2 demandes au moins sont en retard" in page.text("main")


def test_the_person_filter_finds_the_cases_of_a_colleague(desk, sign_in):
    mine, theirs = desk.request(S.ASSIGNED), desk.request(S.ASSIGNED, contact=desk.colleague)
    browser = sign_in(desk.contact)
    assert references(browser.get_page("/ministere/?onglet=en-cours")) == [mine.reference, theirs.reference]
    assert references(browser.get_page(f"/ministere/?onglet=en-cours&personne={desk.colleague.identity_id}")) == [theirs.reference]
