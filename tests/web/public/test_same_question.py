"""«Me too» on the page of a request, and the answers that are shown before somebody asks again."""

from __future__ import annotations

import pytest

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models import CitizenRequest, MeToo, Sufficed
from tests.pages import words

EMAIL = "aussi@exemple.test"
EARLIER = "Pourquoi le nombre de maisons France services stagne-t-il dans le Rhône depuis deux ans ?"
AGAIN = "Depuis deux ans, pourquoi les maisons France services stagnent-elles dans le Rhône ?"
OTHER = "Quand ouvrirez-vous les données des cantines scolaires ?"
FORM = {"kind": "clarification", "body": AGAIN, "public_name": "Jeanne D.", "email": "jeanne@exemple.test"}


@pytest.fixture
def asked(make):
    return make.request(body=EARLIER)


@pytest.fixture
def answered(make):
    return make.request(body=EARLIER, status=CaseStatus.ANSWERED)


@pytest.fixture
def path(make):
    return f"/demandes/nouvelle?sujet={make.commitment().topic.key}"


class TestMeToo:
    def test_from_the_page_by_a_mail_to_the_count_and_back(self, client, make, asked, outbox):
        page = client.get_page(f"/demandes/{asked.reference}")
        (link,) = {a.get("href") for a in page.all("main//a") if words(a) == "Moi aussi"}
        sent = client.page(client.send(link, {"email": EMAIL}, follow_redirects=True))
        assert sent.h1 == "Il reste à confirmer"
        assert "se pose la même question" not in client.get_page(f"/demandes/{asked.reference}").text("main")
        (own,) = {word for word in outbox.last().text.split() if "/moi-aussi/" in word}
        own = own.removeprefix("http://localhost")
        assert "C’est compté" in client.page(client.send(own, {"do": "confirm"}, follow_redirects=True)).text("main")
        assert "1 autre personne se pose la même question." in client.get_page(f"/demandes/{asked.reference}").text("main")
        assert "1 autre personne se la pose" in client.get_page("/demandes/").text("main")
        client.send(own, {"do": "withdraw"})
        assert "se pose la même question" not in client.get_page(f"/demandes/{asked.reference}").text("main")

    def test_opening_the_link_counts_nobody(self, client, make, asked, outbox):
        client.send(f"/demandes/{asked.reference}/moi-aussi", {"email": EMAIL})
        (own,) = {word for word in outbox.last().text.split() if "/moi-aussi/" in word}
        client.get_page(own.removeprefix("http://localhost"))
        assert [one.confirmed_at for one in make.all(MeToo)] == [None]

    def test_the_page_says_the_same_whether_the_address_counts_already(self, client, make, asked):
        make.me_too(asked, EMAIL)
        first = client.send(f"/demandes/{asked.reference}/moi-aussi", {"email": EMAIL})
        second = client.send(f"/demandes/{asked.reference}/moi-aussi", {"email": "autre@exemple.test"})
        assert first.headers["Location"] == second.headers["Location"]

    def test_a_mistyped_address_comes_back(self, client, make, asked):
        answer = client.send(f"/demandes/{asked.reference}/moi-aussi", {"email": "pas une adresse"})
        assert answer.status_code == 422
        assert client.page(answer).form()["email"] == "pas une adresse"
        assert make.all(MeToo) == []

    @pytest.mark.parametrize("status", [CaseStatus.RECEIVED, CaseStatus.WITHDRAWN])
    def test_what_is_not_public_has_no_such_page(self, client, make, status):
        hidden = make.request(status=status)
        private = make.request(kind=ContributionKind.ACCESS, private=True)
        for one in (hidden, private):
            client.get_page(f"/demandes/{one.reference}/moi-aussi", 404)
            client.get_page(f"/demandes/{one.reference}/moi-aussi/envoye", 404)
            assert client.post(f"/demandes/{one.reference}/moi-aussi", data={"email": EMAIL}).status_code == 404
            assert client.post(f"/demandes/{one.reference}/suffit").status_code == 404
        assert make.all(MeToo) == []

    def test_a_request_taken_back_shuts_the_secret_address_too(self, client, make, asked, outbox):
        make.me_too(asked, EMAIL)
        (own,) = {word for word in outbox.last().text.split() if "/moi-aussi/" in word}
        make.withdrawn(asked.contribution)
        client.get_page(own.removeprefix("http://localhost"), 404)

    @pytest.mark.parametrize("token", ["MQ", "x.y", "MQ.x-_y"])
    def test_a_forged_address_opens_nothing(self, client, asked, token):
        client.get_page(f"/moi-aussi/{token}", 404)

    def test_who_asked_the_question_reads_that_it_counts_already(self, client, make, outbox):
        asked = make.request(email=EMAIL)
        client.send(f"/demandes/{asked.reference}/moi-aussi", {"email": EMAIL})
        (own,) = {word for word in outbox.last().text.split() if "/moi-aussi/" in word}
        page = client.get_page(own.removeprefix("http://localhost"))
        assert "Cette demande est la vôtre" in page.text("main")
        assert page.all("main//button") == []


class TestAnswersThatThereAre:
    def test_a_similar_answer_is_shown_once_and_the_text_is_kept(self, client, make, answered, path):
        first = client.send(path, FORM)
        page = client.page(first)
        assert first.status_code == 200
        assert page.h1 == "La réponse existe peut-être déjà"
        assert EARLIER in page.text("main")
        assert "Le périmètre a changé" in page.text("main")
        assert make.all(CitizenRequest)[-1].id == answered.id, "nothing is sent yet"
        values = page.form()
        assert {name: values[name] for name in FORM} == FORM
        sent = client.post(path, data=values)
        assert sent.status_code == 303
        assert make.all(CitizenRequest)[-1].id != answered.id

    def test_nothing_similar_is_no_further_screen(self, client, make, answered, path):
        assert client.send(path, FORM | {"body": OTHER}).status_code == 303

    def test_what_has_no_answer_is_not_shown(self, client, make, asked, path):
        assert client.send(path, FORM).status_code == 303

    def test_a_viewpoint_is_sent_at_once(self, client, make, answered, path):
        assert client.send(path, FORM | {"kind": "viewpoint"}).status_code == 303

    def test_a_private_or_withdrawn_answer_is_never_shown(self, client, make, answered, path):
        make.withdrawn(answered.contribution)
        make.request(kind=ContributionKind.ACCESS, private=True, status=CaseStatus.ANSWERED, body=EARLIER)
        assert client.send(path, FORM).status_code == 303

    def test_this_answer_is_enough_counts_once_and_makes_no_request(self, client, make, answered, path):
        page = client.page(client.send(path, FORM))
        enough = page.form(-2)
        for _ in range(2):
            answer = client.post(f"/demandes/{answered.reference}/suffit", data=enough)
            assert answer.status_code == 303
        assert [one.request_id for one in make.all(Sufficed)] == [answered.id]
        assert len(make.all(CitizenRequest)) == 1
        assert "a suffi à 1 personne" in client.page(client.get(answer.headers["Location"])).text("main")

    @pytest.mark.parametrize("key", ["", "forged", "MQ.x-_y"])
    def test_a_forged_key_counts_nothing(self, client, make, answered, key):
        assert client.post(f"/demandes/{answered.reference}/suffit", data={"key": key}).status_code == 303
        assert make.all(Sufficed) == []

    def test_a_mistake_on_the_second_screen_loses_nothing(self, client, make, answered, path):
        values = client.page(client.send(path, FORM)).form()
        answer = client.post(path, data=values | {"email": "pas une adresse"})
        assert answer.status_code == 422
        assert client.page(answer).form()["body"] == AGAIN
