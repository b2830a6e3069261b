"""The list of commitments and the page of one."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.commitment import CommitmentAction, CommitmentStatus
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.models import Ministry
from feedback_app.services.progress.wording import Step
from tests.progress_factories import move, said

MOST_STATEMENTS = 12  # the whole page, whatever the commitment holds, with the frame


def path_of(commitment) -> str:
    return f"/engagements/{commitment.plan.slug}/{commitment.number}"


@pytest.fixture
def plan(make):
    return make.plan("2026-2028")


def test_an_empty_site_says_so_in_words(client):
    assert "Aucun plan n’est encore publié." in client.get_page("/").text("main")
    assert "Aucun plan n’est encore publié." in client.get_page("/engagements/").text("main")


def test_the_list_shows_the_newest_plan_and_leads_to_the_others(client, make, app):
    from feedback_app.database import db, unit_of_work
    from feedback_app.models import Plan

    old = make.plan("2021-2023")
    make.commitment(plan=old, title="Un engagement du plan ancien")
    with app.app_context(), unit_of_work():
        db.session.get_one(Plan, old.id).start = date(2021, 9, 1)
    make.commitment(plan=make.plan("2026-2028"), title="Un engagement du plan nouveau")

    page = client.get_page("/engagements/")
    assert "plan nouveau" in page.text("main")
    assert "plan ancien" not in page.text("main")
    assert "/engagements/?plan=2021-2023" in page.links()
    assert "plan ancien" in client.get_page("/engagements/?plan=2021-2023").text("main")


def test_an_unknown_plan_is_a_404(client, make):
    make.commitment()

    client.get_page("/engagements/?plan=1999", status=404)


def test_numbers_are_those_of_each_plan(client, make):
    first = make.commitment(number=1, title="Le premier du premier plan")
    other = make.commitment(number=1, title="Le premier du second plan")

    assert client.get_page(path_of(first)).h1 == "Le premier du premier plan"
    assert client.get_page(path_of(other)).h1 == "Le premier du second plan"


def test_the_list_is_narrowed_by_ministry_and_status(client, make, plan):
    school, health = make.ministry("École"), make.ministry("Santé")
    make.commitment(plan=plan, ministry=school, title="Ouvrir les classes", status=CommitmentStatus.COMPLETED)
    make.commitment(plan=plan, ministry=school, title="Ouvrir les gymnases")
    make.commitment(plan=plan, ministry=health, title="Ouvrir les hôpitaux", status=CommitmentStatus.COMPLETED)

    page = client.get_page(f"/engagements/?ministere={school.slug}&statut=completed")
    assert "1 engagement" in page.text("main")
    assert "Ouvrir les classes" in page.text("main")
    assert page.form(0) | {"ministere": school.slug, "statut": "completed"} == page.form(0)


@pytest.mark.parametrize("words", ["ecole", "ÉCOLE", "l'école ouverte", "ouverte ecole", "coeur"])
def test_a_search_in_titles_minds_neither_accents_nor_case_nor_order(client, make, plan, words):
    make.commitment(plan=plan, title="Au cœur de l’École ouverte")
    make.commitment(plan=plan, title="Tout autre chose")

    page = client.get_page("/engagements/", query_string={"q": words}).text("main")
    assert "Au cœur de l’École ouverte" in page
    assert "Tout autre chose" not in page


@pytest.mark.parametrize("words", ["%", "_", "\\", "100%", "' OR 1=1 --"])
def test_signs_of_the_query_language_are_only_characters(client, make, plan, words):
    make.commitment(plan=plan, title="Ouvrir les données")

    assert "Aucun engagement ne correspond." in client.get_page("/engagements/", query_string={"q": words}).text("main")


@pytest.mark.parametrize(
    "query", ["statut=nope", "ministere=nope", "apres=x", "apres=-1", "avant=99999999999999999999", "q=" + "x" * 5000, "q=%ED%A0%80"]
)
def test_nonsense_in_the_address_is_never_an_error(client, make, query):
    make.commitment()

    assert client.get(f"/engagements/?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/engagements/?q=%00", "/engagements/?%00=1", "/engagements/%00/1", "/ma-contribution/%00"])
def test_a_nul_in_the_address_is_refused(client, address):
    assert client.get(address).status_code == 400


def test_a_long_list_is_read_forward_and_back_without_missing_any(client, make, plan):
    ministry = make.ministry()
    for number in range(1, 46):
        make.commitment(plan=plan, ministry=ministry, number=number)

    def numbers(page):
        return [int(link.rsplit("/", 1)[1]) for link in page.links() if link.startswith("/engagements/2026-2028/")]

    def link(page, rel):
        return next((a.get("href") for a in page.all("a") if a.get("rel") == rel), None)

    first = client.get_page("/engagements/")
    second = client.get_page(link(first, "next"))
    third = client.get_page(link(second, "next"))
    assert numbers(first) + numbers(second) + numbers(third) == list(range(1, 46))
    assert link(first, "prev") is None
    assert link(third, "next") is None
    assert numbers(client.get_page(link(third, "prev"))) == numbers(second)
    assert numbers(client.get_page(link(second, "prev"))) == numbers(first)


def test_pages_keep_the_filters(client, make, plan):
    ministry = make.ministry("École")
    for _number in range(25):
        make.commitment(plan=plan, ministry=ministry)
    next_page = next(a.get("href") for a in client.get_page(f"/engagements/?ministere={ministry.slug}").all("a") if a.get("rel") == "next")

    assert f"ministere={ministry.slug}" in next_page


def test_a_page_shows_texts_with_their_bullets_and_bold_and_dates_as_written_and_understood(client, make):
    page = client.get_page(path_of(make.commitment()))

    assert [item.text for item in page.all("section//li")][:2] == ["un", "deux"]
    assert page.all("section//strong")[0].text == "toutes"
    assert "T2 2026" in page.text("main")
    assert "jusqu’au 30 juin 2026" in page.text("main")


def test_a_ministry_that_was_renamed_names_the_one_of_today(client, app, make):
    from feedback_app.database import db, unit_of_work
    from feedback_app.models import Ministry

    commitment, successor = make.commitment(), make.ministry("Ministère d’aujourd’hui")
    with app.app_context(), unit_of_work():
        db.session.get_one(Ministry, commitment.ministry_id).successor_id = successor.id

    assert "aujourd’hui Ministère d’aujourd’hui" in client.get_page(path_of(commitment)).text("main")


@pytest.mark.parametrize(
    "path", ["/engagements/nulle-part/1", "/engagements/{plan}/999", "/engagements/{plan}/99999999999999999999", "/engagements/{plan}/-1"]
)
def test_a_commitment_that_is_not_there_is_a_404(client, make, path):
    commitment = make.commitment()

    client.get_page(path.format(plan=commitment.plan.slug), status=404)


@pytest.mark.parametrize("status", [status for status in ContributionStatus if status is not ContributionStatus.PUBLISHED])
def test_what_is_not_published_leaves_by_no_public_page(client, make, status):
    commitment = make.commitment()
    make.comment(topic=commitment.topic, status=status, body="SECRET-PLANTE dans un texte.", name="NOM-PLANTE", email="plante@exemple.test")

    for path in ("/", "/engagements/", "/engagements/?q=secret", path_of(commitment)):
        text = client.get(path).text
        assert "PLANTE" not in text
        assert "plante@" not in text
        assert "1 commentaire" not in text


def test_a_published_comment_is_plain_text_whatever_was_typed(client, make):
    commitment = make.commitment()
    make.comment(topic=commitment.topic, body="<script>alert(1)</script> **gras** https://exemple.fr/page.", name="<b>Jeanne</b>")

    html = client.get(path_of(commitment)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **gras**" in html
    assert '<a href="https://exemple.fr/page" rel="nofollow ugc noopener">' in html
    assert "&lt;b&gt;Jeanne&lt;/b&gt;" in html


def test_a_thread_longer_than_a_page_goes_on(client, make, monkeypatch):
    monkeypatch.setattr("feedback_app.services.threads.THREAD_SIZE", 3)
    commitment, moderator = make.commitment(), make.moderator()
    for number in range(5):
        make.comment(topic=commitment.topic, body=f"Commentaire numéro {number} du fil.", moderator=moderator)

    page = client.get_page(path_of(commitment))
    following = page.next_page
    assert "5 commentaires" in page.text("main")
    assert "numéro 3" not in page.text("main")
    assert "numéro 4" in client.get_page(following.split("#")[0]).text("main")


def test_the_statements_of_the_list_do_not_grow_with_it(client, make, plan, statements):
    ministry, counts = make.ministry(), []
    for more in (2, 18):
        for _number in range(more):
            make.comment(topic=make.commitment(plan=plan, ministry=ministry).topic)
        with statements() as seen:
            client.get_page("/engagements/")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 10


def test_the_statements_of_a_page_do_not_grow_with_its_comments(client, make, statements):
    commitment, moderator, counts = make.commitment(), make.moderator(), []
    for more in (2, 20):
        for _number in range(more):
            make.comment(topic=commitment.topic, moderator=moderator)
        with statements() as seen:
            client.get_page(path_of(commitment))
        counts.append(len(seen))

    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_a_commitment_of_which_everything_is_said_asks_twelve_statements_at_most(client, make, statements):
    commitment, indicator = make.commitment(), make.indicator(barometer=make.barometer("essai"))
    moderator, milestone = make.moderator(), commitment.milestones[0].id
    team = dict(zip(("contact", "validator"), make.team(make.one(Ministry, commitment.ministry_id)), strict=True))
    make.update(commitment, said("Une étape.", move(CommitmentAction.START)), **team)

    def say_everything() -> None:
        make.update(commitment, said("Une autre.", Step(milestone, criterion="Ouvert à tous."), help_wanted="Des bras."), **team)
        make.revision(commitment, indicator_ids=frozenset({indicator.id}))
        make.revision(commitment)
        for status in (CaseStatus.OPEN, CaseStatus.ANSWERED):
            make.request(topic=commitment.topic, status=status, **team)
        make.reply_to(make.comment(topic=commitment.topic, moderator=moderator), **team)
        make.assessment(commitment.topic)
        make.meeting(topic_ids=frozenset({commitment.topic_id}))

    counts = []
    for _time in range(2):
        say_everything()
        with statements() as seen:
            page = client.get_page(path_of(commitment))
        counts.append(len(seen))

    text = page.text("main")
    for words in ("Une autre.", "Ouvert à tous.", "Des bras.", "4 demandes publiées, dont 2 avec une réponse.", "2 commentaires"):
        assert words in text
    assert text.count("Contre-évaluation") == 2
    for heading in ("Les chiffres qui le mesurent", "Rendez-vous et productions", "Le texte de l’engagement a été modifié"):
        assert heading in text
    assert counts[0] == counts[1] <= MOST_STATEMENTS, "\n".join(seen)


def test_a_comment_is_posted_in_fourteen_statements_at_most(client, make, statements):
    path = f"/commenter?sujet={make.commitment().topic.key}"
    values = client.get_page(path).form() | {"body": "Un commentaire de plus.", "email": "neuve@exemple.test", "public_name": "Jeanne"}
    with statements() as seen:
        assert client.post(path, data=values).status_code == 303

    assert len(seen) <= 14, "\n".join(seen)
