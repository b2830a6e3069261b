"""The public list of requests and the page of each: what was asked, of whom, by when, and what came of it."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus, Outcome, RefusalGround
from feedback_app.domain.contribution import ContributionKind, TextAction
from feedback_app.models import Account, Answer, CitizenRequest, Contribution, Ministry
from feedback_app.services import contributions, moderation, sign_in
from feedback_app.services.cases import answers, closing, conversation, extending, tabs, transfers
from feedback_app.services.cases.beginning import Figure
from tests.pages import words

S = CaseStatus


def page_of(client, request, status=200):
    return client.get_page(f"/demandes/{request.reference}", status)


def listed(page):
    """The references of a list, in its order."""
    return [link.rsplit("/", 1)[1] for link in page.links() if link.startswith("/demandes/DS-")]


def answer(play, request, desk, source, outcome=Outcome.FULL, ground=None, corrects=None, seen=0):
    """Propose an answer and publish it."""
    wording = answers.Wording(source, outcome, ground)

    def both(live, *, at):
        made = answers.propose(
            live,
            wording,
            corrects=db.session.get_one(Answer, corrects.id) if corrects else None,
            actor=sign_in.actor_of(db.session.get_one(Account, desk.contact.id)),
            seen_wording=seen,
            at=at,
        )
        answers.publish(made, actor=sign_in.actor_of(db.session.get_one(Account, desk.validator.id)), seen_wording=1, at=at)

    return play(both, request)


def publish(app, make, contribution):
    """A moderator publishes a text."""
    moderator = make.moderator()
    with app.app_context(), unit_of_work():
        live = db.session.get_one(Contribution, contribution.id)
        moderation.decide(contributions.latest_version(live), TextAction.PUBLISH, moderator=sign_in.actor_of(moderator), at=make.clock())


class TestTheList:
    def test_an_empty_site_says_what_to_do(self, client):
        page = client.get_page("/demandes/")
        assert "Aucune demande n’est encore publiée." in page.text("main")
        assert "/engagements/" in page.links()

    def test_a_row_says_what_was_asked_of_whom_and_where_it_stands(self, client, make, play, desk):
        play.at("2026-03-02")
        request = desk.request(S.ASSIGNED, body="Combien de trous ont été rebouchés ?")
        row = client.get_page("/demandes/").text("main")
        for said in (
            request.reference,
            "Demande d’explication",
            "Combien de trous ont été rebouchés ?",
            "Des routes sans trous",
            "Ministère des Routes",
            "En cours de traitement",
            "publiée le 2 mars 2026",
            "réponse attendue au plus tard le 23 mars 2026",
        ):
            assert said in row
        play.at("2026-03-09")
        answer(play, request, desk, "Douze mille trous.", Outcome.PARTIAL)
        row = client.get_page("/demandes/").text("main")
        assert "répondue en 5 jours ouvrés" in row
        assert "Réponse partielle" in row

    def test_what_is_late_and_what_stands_still_is_said(self, client, make, play, desk):
        play.at("2026-03-02")
        desk.request(S.OPEN)
        desk.request(S.WAITING)
        play.at("2026-04-10")
        text = client.get_page("/demandes/").text("main")
        assert "réponse attendue depuis le 23 mars 2026" in text
        assert text.count("En retard") == 2  # the badge, and the choice in the filters
        assert "délai suspendu depuis le 2 mars 2026" in text

    def test_the_newest_come_first_and_none_is_missed(self, client, make, desk, clock):
        made = []
        for _number in range(23):
            made.append(desk.request().reference)
            clock.advance(minutes=1)
        first = client.get_page("/demandes/")
        second = client.get_page(first.next_page)
        assert listed(first) + listed(second) == made[::-1]
        assert (len(listed(first)), second.next_page) == (20, None)

    def test_every_filter_narrows_the_list_and_its_count_and_is_kept_by_its_pages(self, client, make, desk):
        here = desk.request(S.ANSWERED, figure=Figure("D69", date(2023, 12, 31)), kind=ContributionKind.DATA_QUESTION)
        other = desk.request(S.OPEN, topic=make.commitment(ministry=desk.other).topic)
        for query in (
            f"ministere={desk.ministry.slug}",
            f"sujet={desk.topic.key}",
            "genre=data_question",
            "territoire=D69",
            "statut=repondue",
            "resultat=full",
        ):
            page = client.get_page(f"/demandes/?{query}")
            assert listed(page) == [here.reference], query
            assert "1 demande" in page.text("main")
            name, value = query.split("=")
            assert page.form()[name] == value
        assert listed(client.get_page("/demandes/?statut=en-attente")) == [other.reference]
        assert listed(client.get_page("/demandes/?statut=en-retard")) == []
        empty = client.get_page("/demandes/?resultat=refused")
        assert "Aucune demande ne correspond." in empty.text("main")
        for _number in range(20):
            desk.request()
        assert f"ministere={desk.ministry.slug}" in client.get_page(f"/demandes/?ministere={desk.ministry.slug}").next_page

    def test_late_is_a_filter_of_its_own(self, client, desk, play):
        play.at("2026-03-02")
        late, _paused, _answered = desk.request(S.OPEN), desk.request(S.WAITING), desk.request(S.ANSWERED)
        play.at("2026-04-10")
        assert listed(client.get_page("/demandes/?statut=en-retard")) == [late.reference]

    @pytest.mark.parametrize(
        "query",
        ["genre=comment", "statut=x", "resultat=x", "territoire=D999", "ministere=x", "sujet=x", "apres=x", "avant=9.x", "sujet=%ED%A0%80"],
    )
    def test_nonsense_in_the_address_narrows_nothing(self, client, desk, query):
        request = desk.request()
        assert listed(client.get_page(f"/demandes/?{query}")) == [request.reference]

    def test_only_ministries_that_were_asked_something_in_public_can_be_chosen(self, client, make, desk):
        make.request(topic=make.commitment(ministry=desk.other).topic, kind=ContributionKind.ACCESS, private=True)
        desk.request()
        choices = [option.get("value") for option in client.get_page("/demandes/").all("select[@name='ministere']/option")]
        assert choices == ["", desk.ministry.slug]

    def test_where_counting_stops_the_page_says_that_there_are_more(self, client, desk, monkeypatch):
        monkeypatch.setattr(tabs, "COUNT_CAP", 2)
        for expected in ("1 demande", "2 demandes", "Plus de 2 demandes"):
            desk.request()
            assert [words(heading) for heading in client.get_page("/demandes/").all("h2[@id='resultats']")] == [expected]

    def test_the_statements_of_the_list_do_not_grow_with_it(self, client, make, desk, statements):
        counts = []
        for more in (2, 15):
            for _number in range(more):
                desk.request(S.ANSWERED)
            with statements() as seen:
                client.get_page(f"/demandes/?sujet={desk.topic.key}&ministere={desk.ministry.slug}")
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 6


class TestThePage:
    def test_a_waiting_request_says_what_it_is_about_who_answers_and_by_when(self, client, make, play):
        indicator = make.indicator(barometer=make.barometer("essai"))
        play.at("2026-03-02")
        request = make.request(topic=indicator.topic, figure=Figure("D69", date(2023, 12, 31)), body="D’où vient ce chiffre ?")
        page = page_of(client, request)
        text = page.text("main")
        assert request.reference in page.h1
        assert page.title.startswith("D’où vient ce chiffre ? – DS-2026-")
        assert f"/barometre/essai/indicateurs/{indicator.code}?territoire=D69" in page.links()
        for said in ("Rhône", "31 décembre 2023", "Jeanne D.", "Elle est attendue au plus tard le 23 mars 2026"):
            assert said in text
        play.at("2026-03-24")
        assert "Le délai est dépassé." in page_of(client, request).text("main")

    def test_an_answer_is_official_signed_by_the_ministry_and_says_whether_it_came_in_time(self, client, make, play, desk):
        play.at("2026-03-02")
        request = desk.request(S.ASSIGNED)
        play.at("2026-03-23", "18:00")
        answer(play, request, desk, "Nous ne le **disons** pas.", Outcome.REFUSED, RefusalGround.SECURITY)
        page = page_of(client, request)
        text = page.text("main")
        assert page.all("article//strong")[0].text == "disons"
        for said in ("Réponse officielle", "Ministère des Routes", "23 mars 2026", "Refus motivé", "sécurité de l’État", "dans le délai"):
            assert said in text
        assert not any(name in client.get(f"/demandes/{request.reference}").text for name in ("Ana", "Val"))

    def test_a_late_answer_is_said_to_be_late(self, client, play, desk):
        play.at("2026-03-02")
        request = desk.request(S.ASSIGNED)
        play.at("2026-03-24")
        answer(play, request, desk, "Voici, avec nos excuses.")
        assert "réponse donnée en retard : le délai allait jusqu’au 23 mars 2026" in page_of(client, request).text("main")

    def test_a_corrected_answer_keeps_its_earlier_wordings_and_nothing_of_a_draft(self, client, make, play, desk):
        play.at("2026-03-02")
        request = desk.request(S.ANSWERED, answer="La première version dit douze.")
        first = make.all(Answer)[0]
        play.at("2026-03-04")
        answer(play, request, desk, "La seconde version dit treize.", corrects=first)
        play.at("2026-03-05")
        answer(play, request, desk, "La troisième version dit quatorze.", corrects=first)
        make.draft(request, "La quatrième n’est qu’un brouillon.", contact=desk.contact)
        text = page_of(client, request).text("main")
        assert "1 réponse" not in text
        assert (
            text.index("dit quatorze") < text.index("Lire la version du 2 mars 2026") < text.index("dit douze") < text.index("dit treize")
        )
        assert "Corrigée le 5 mars 2026 par le ministère." in text
        assert "brouillon" not in text

    def test_what_the_person_said_of_it_is_public_and_why_is_not(self, client, play, desk):
        request = desk.request(S.CLOSED)
        text = page_of(client, request).text("main")
        assert "La personne qui a demandé dit : en partie." in text
        assert "Il manque 2022." not in text

    def test_a_reopening_is_read_once_moderated_and_has_its_own_delay(self, client, app, make, play, desk):
        play.at("2026-03-02")
        request = desk.request(S.CLOSED)
        play.at("2026-03-10")
        play(closing.reopen, request, None, "Il manque toujours PLANTE.", form_key="k", language="fr")
        text = page_of(client, request).text("main")
        assert "PLANTE" not in text
        assert "Une nouvelle réponse est attendue au plus tard le 31 mars 2026" in text
        (reopening,) = [one for one in make.all(Contribution) if one.kind is ContributionKind.REOPENING]
        publish(app, make, reopening)
        assert "Il manque toujours PLANTE." in page_of(client, request).text("main")
        play.at("2026-04-01")
        answer(play, request, desk, "Voici 2022.")
        text = page_of(client, request).text("main")
        assert text.index("Le périmètre a") < text.index("Voici 2022.")
        assert "réponse donnée en retard" in text

    def test_questions_and_reasons_of_extensions_are_official_and_a_reply_waits_for_a_moderator(self, client, app, make, play, desk):
        request = desk.request(S.WAITING, question="Quel pont exactement ?")
        assert "le délai est suspendu" in page_of(client, request).text("main")
        reply = make.reply(request, "Le pont REPLIQUE.")
        play(extending.extend, request, desk.contact, "Il faut interroger trois services.")
        text = page_of(client, request).text("main")
        assert "Quel pont exactement ?" in text
        assert "Il faut interroger trois services." in text
        assert "REPLIQUE" not in text
        publish(app, make, reply)
        assert "Le pont REPLIQUE." in page_of(client, request).text("main")

    def test_nothing_that_stays_inside_the_ministries_comes_out(self, client, make, play, desk):
        request = desk.request(S.ASSIGNED, email="secrete@exemple.test")
        make.draft(request, "Un SECRET en brouillon.", contact=desk.contact)
        play(
            lambda live, **facts: conversation.note(live, "Un SECRET en note.", actor=facts["actor"], at=facts["at"]), request, desk.contact
        )
        play(
            lambda live, **facts: transfers.offer(
                live, db.session.get_one(Ministry, desk.other.id), reason="Un SECRET de transfert.", **facts
            ),
            request,
            desk.contact,
        )
        for path in ("/", "/demandes/", f"/demandes/{request.reference}", "/engagements/", f"/en/demandes/{request.reference}"):
            html = client.get(path).text
            assert "SECRET" not in html
            assert "secrete@" not in html
            assert "Ana" not in html
        assert "Proposée à : Ministère des Ponts" in page_of(client, request).text("main")

    def test_a_repeated_question_leads_to_the_first_only_while_anybody_may_read_that(self, client, app, make, play, desk):
        first, second = desk.request(S.ANSWERED), desk.request(S.ASSIGNED)

        def repeat(live, *, at):
            wording = answers.Wording("Déjà demandé.", Outcome.DUPLICATE, duplicate_of_id=first.id)
            actor, validator = (sign_in.actor_of(db.session.get_one(Account, one.id)) for one in (desk.contact, desk.validator))
            made = answers.propose(live, wording, actor=actor, seen_wording=0, at=at)
            answers.publish(made, actor=validator, seen_wording=1, at=at)

        play(repeat, second)
        assert first.reference in page_of(client, second).text("main")
        with app.app_context(), unit_of_work():
            contributions.withdraw(db.session.get_one(CitizenRequest, first.id).contribution, at=make.clock())
        assert first.reference not in client.get(f"/demandes/{second.reference}").text

    @pytest.mark.parametrize("status", [S.RECEIVED, S.WITHDRAWN])
    def test_what_is_not_public_is_not_there(self, client, desk, status):
        request = desk.request(status, body="Une question PLANTEE.")
        page_of(client, request, 404)
        for path in ("/", "/demandes/", f"/demandes/?sujet={desk.topic.key}"):
            assert "PLANTEE" not in client.get(path).text
            assert request.reference not in client.get(path).text

    def test_a_private_request_is_not_there_for_anybody(self, client, desk, sign_in):
        request = desk.request(S.ANSWERED, kind=ContributionKind.ACCESS, private=True)
        page_of(client, request, 404)
        page_of(sign_in(desk.contact), request, 404)
        assert request.reference not in client.get("/demandes/").text

    @pytest.mark.parametrize("reference", ["DS-2026-999999", "ds", "x" * 500, "DS-2026-000001%20", "%F0%9F%98%80"])
    def test_a_reference_that_nobody_has_is_a_404(self, client, reference):
        client.get_page(f"/demandes/{reference}", 404)

    def test_a_text_is_shown_as_it_was_typed_and_says_its_language(self, client, make, desk):
        request = desk.request(body="<script>alert(1)</script> et encore un texte.")
        html = client.get(f"/en/demandes/{request.reference}").text
        assert "&lt;script&gt;" in html
        assert '<blockquote lang="fr">' in html

    def test_a_public_page_sets_no_cookie_and_may_be_kept(self, client, desk):
        response = client.get(f"/demandes/{desk.request().reference}")
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"].startswith("public")

    def test_the_statements_of_a_page_do_not_grow_with_what_happened(self, client, make, play, desk, statements):
        short, long = desk.request(S.OPEN), desk.request(S.WAITING)
        for number in range(3):
            make.reply(long, f"Une précision, numéro {number}.")
            play(conversation.ask_citizen, long, desk.contact, f"Et encore, numéro {number} ?")
        make.reply(long)
        answer(play, long, desk, "Une réponse.")
        first = next(one for one in make.all(Answer) if one.request_id == long.id)
        answer(play, long, desk, "Une réponse corrigée.", corrects=first)
        counts = []
        for request in (short, long):
            with statements() as seen:
                page_of(client, request)
            counts.append(len(seen))
        assert max(counts) <= 12, counts
        assert counts[1] - counts[0] <= 2, "the versions of answers, and who the ministries are, are asked once, where there are any"
