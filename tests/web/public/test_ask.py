"""Asking from a commitment: one form, what each kind promises, and what follows."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.barometer import RevisionKind
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.policy import Role
from feedback_app.models import CitizenRequest, Contribution, Topic
from tests.barometers import edition_file, indicator
from tests.pages import words

BODY = "Pourquoi la dernière mesure manque-t-elle ?"
FORM = {"kind": "clarification", "body": BODY, "public_name": "Jeanne D.", "email": "jeanne@exemple.test"}


@pytest.fixture
def path(make):
    return f"/demandes/nouvelle?sujet={make.commitment().topic.key}"


def test_the_commitment_s_page_leads_to_the_form_and_each_kind_says_what_it_promises(client, make):
    commitment = make.commitment()
    page = client.get_page(f"/engagements/{commitment.plan.slug}/{commitment.number}")
    (link,) = {a.get("href") for a in page.all("main//a") if words(a) == "Poser une question"}
    form = client.get_page(link).text("main")
    for promise in ("sous 15 jours ouvrés", "La loi donne un mois", "Personne n’est tenu d’y répondre"):
        assert promise in form


def test_two_screens_lead_to_a_number_and_a_page_to_follow_it(client, make, path):
    page = client.page(client.send(path, FORM, follow_redirects=True))
    assert "Votre demande DS-2026-000001" in page.text("h1")
    assert "Il reste une chose à faire : confirmer" in page.text("main")
    assert make.all(CitizenRequest)[0].status is CaseStatus.RECEIVED


def test_what_the_question_is_about_travels_with_it(client, make, path):
    response = client.send(f"{path}&territoire=D69&date=2023-12-31", FORM)
    assert response.status_code == 303
    (request,) = make.all(CitizenRequest)
    assert (request.territory, request.figure_date) == ("D69", date(2023, 12, 31))


@pytest.mark.parametrize("rest", ["&territoire=Rhône&date=hier", "&territoire=D999&date=2023-02-30", "&territoire=&date="])
def test_an_address_that_points_at_nothing_asks_about_the_topic_alone(client, make, path, rest):
    client.send(path + rest, FORM)
    (request,) = make.all(CitizenRequest)
    assert (request.territory, request.figure_date) == (None, None)


def test_mistakes_are_said_in_the_order_of_the_fields(client, path):
    page = client.page(client.send(path, {"kind": "", "body": "court", "public_name": "", "email": "jeanne"}))
    links = [link.get("href") for link in page.all("main//*[@id='erreurs']//a")]
    assert links == ["#kind-0", "#body", "#email"]


def test_a_viewpoint_gets_no_number(client, make, path):
    client.send(path, FORM | {"kind": "viewpoint"})
    assert make.all(CitizenRequest) == []
    assert make.all(Contribution)[0].kind is ContributionKind.VIEWPOINT


@pytest.mark.parametrize("kind", ["", "reply", "reopening", "comment", "anything"])
def test_no_other_kind_can_be_sent_and_the_text_stays(client, make, path, kind):
    response = client.send(path, FORM | {"kind": kind})
    assert response.status_code == 422
    assert BODY in client.page(response).form()["body"]
    assert make.all(Contribution) == []


@pytest.mark.parametrize("key", ["engagement:nulle-part:1", "indicateur:essai:X", "nimporte", "general:1"])
def test_a_topic_that_does_not_exist_is_not_found(client, key):
    client.get_page(f"/demandes/nouvelle?sujet={key}", 404)


@pytest.mark.parametrize(
    ("kind", "words_"),
    [
        ("clarification", "relue, publiée et transmise au ministère"),
        ("access", "aussitôt transmise au service qui en répond"),
        ("viewpoint", "il sera relu, puis publié"),
    ],
)
def test_who_confirms_reads_what_really_comes_next(client, make, path, kind, words_):
    client.send(path, FORM | {"kind": kind})
    page = client.get_page(make.confirmation_path(make.all(Contribution)[0]))
    assert words_ in page.text("main")


def test_the_mail_says_it_too(client, outbox, path):
    client.send(path, FORM)
    assert "alors relue, publiée et transmise au ministère" in " ".join(outbox.only().text.split())
    client.send(path, FORM | {"kind": "access", "email": "paul@exemple.test"})
    assert "la loi lui donne un mois" in " ".join(outbox.last().text.split())


class TestWithoutATopic:
    def test_the_list_of_requests_leads_to_the_choice_of_what_it_is_about(self, client, make):
        commitment = make.commitment(title="Ouvrir les données des cantines")
        make.commitment(title="Former les agents")
        (link,) = {a.get("href") for a in client.get_page("/demandes/").all("main//a") if words(a) == "Poser une question"}
        assert "Ouvrir les données" not in client.get_page(link).text("main"), "nothing is listed before a word is given"
        page = client.get_page(f"{link}?q=CANTINES donnees")
        (way,) = {a.get("href") for a in page.all("main//li//a") if "cantines" in words(a)}
        assert "Former les agents" not in page.text("main")
        assert commitment.title in client.get_page(way).text("main")

    def test_an_indicator_is_found_too(self, client, make):
        make.indicator()
        page = client.get_page("/demandes/choisir?q=indicateur")
        (way,) = {a.get("href") for a in page.all("main//h3/a")}
        assert "Poser une question ou témoigner" in client.get_page(way).text("h1")

    def test_the_bare_address_leads_there_and_nothing_can_be_sent_to_it(self, client, make):
        answer = client.get("/demandes/nouvelle")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/demandes/choisir")
        assert client.post("/demandes/nouvelle", data=FORM).status_code == 404

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%25", "?q=" + "a" * 500, "?q=xyz"])
    def test_nothing_found_still_leads_to_a_general_question(self, client, make, query):
        make.commitment()
        page = client.get_page(f"/demandes/choisir{query}")
        assert "/demandes/nouvelle?sujet=general" in page.links()

    def test_a_general_question_goes_to_the_coordination(self, client, make, sign_in):
        for _ in range(2):  # the second finds the topic that the first made
            client.send("/demandes/nouvelle?sujet=general", FORM | {"email": f"{_}@exemple.test"})
        for request in make.all(CitizenRequest):
            make.accepted(request)
        assert {topic.key for topic in make.all(Topic)} == {"general"}
        assert {(one.ministry_id, one.status) for one in make.all(CitizenRequest)} == {(None, CaseStatus.OPEN)}
        reference = make.all(CitizenRequest)[0].reference
        coordinator = sign_in(make.person(roles=(Role.COORDINATOR,)))
        assert reference in coordinator.get_page("/coordination/").text("main")
        assert "Lire ce dont parle la demande" not in coordinator.get_page(f"/ministere/dossiers/{reference}").text("main")
        assert "Question générale" in client.get_page(f"/demandes/{reference}").text("main")
        assert reference in client.get_page("/demandes/?sujet=general").text("main")

    @pytest.mark.parametrize("kind", ["viewpoint", "experience", "wrong_figure"])
    def test_no_thread_holds_what_is_about_nothing_in_particular(self, client, make, kind):
        assert client.send("/demandes/nouvelle?sujet=general", FORM | {"kind": kind}).status_code == 422
        make.request(topic=make.general())
        client.get_page("/commenter?sujet=general", 404)


class TestARevision:
    @pytest.fixture
    def revised(self, make):
        """An indicator whose target for 2027 the second edition lowered in the Rhône."""
        barometer = make.barometer("essai")
        for on, target in ((date(2026, 1, 31), "20.0"), (date(2026, 2, 28), "15.0")):
            make.edition(edition_file(indicator(targets={"D69": {"2027-12-31": target}})), barometer=barometer, on=on)
        return "/barometre/essai/editions/2026-02-28", "/barometre/essai/indicateurs/IND-001?territoire=D69"

    def test_both_pages_lead_to_a_form_that_knows_what_was_changed(self, client, make, revised, sign_in):
        ways = {a.get("href") for page in revised for a in client.get_page(page).all("main//a") if words(a).startswith("Demander pourquoi")}
        assert len(ways) == 1, "both lead to the same form"
        (way,) = ways
        page = client.get_page(way)
        assert "passe de 20 à 15" in page.text("main")
        assert page.form()["kind"] == "clarification"
        client.send(way, FORM)
        (request,) = make.all(CitizenRequest)
        assert (request.territory, request.figure_date) == ("D69", date(2027, 12, 31))
        assert (request.revision_kind, request.revised_on) == (RevisionKind.TARGET_CHANGED, date(2026, 2, 28))
        make.accepted(request)
        assert "passe de 20 à 15" in client.get_page(f"/demandes/{request.reference}").text("main")
        coordinator = sign_in(make.person(roles=(Role.COORDINATOR,)))
        assert "passe de 20 à 15" in coordinator.get_page(f"/ministere/dossiers/{request.reference}").text("main")

    @pytest.mark.parametrize(
        "rest",
        [
            "&edition=2026-02-28&revision=target_removed",
            "&edition=2026-02-28&revision=anything",
            "&edition=hier&revision=target_changed",
            "&edition=2026-01-31&revision=target_changed",
            "&edition=2026-02-28&revision=target_changed&territoire=D75",
        ],
    )
    def test_a_change_that_was_never_published_is_not_asked_about(self, client, make, revised, rest):
        client.send(f"/demandes/nouvelle?sujet=indicateur:essai:IND-001{rest}", FORM)
        (request,) = make.all(CitizenRequest)
        assert (request.revision_kind, request.revised_on) == (None, None)


def test_sent_twice_it_is_one_request(client, make, path):
    values = client.get_page(path).form() | FORM
    answers = [client.post(path, data=values) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(make.all(CitizenRequest)) == 1
