"""A counter-assessment through the pages: from the administrator who recognises to the page where everybody reads it."""

from __future__ import annotations

from feedback_app.domain import addresses
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.policy import Role
from feedback_app.models import Account, Assessment, Organisation, TextVersion
from tests.pages import words

TEXT = "Aucun des jalons annoncés n’est atteint."


def test_from_the_recognition_to_the_page_of_the_commitment(make, sign_in, client):
    boss, moderator = sign_in(make.person(roles=(Role.ADMINISTRATOR,))), sign_in(make.moderator())
    commitment = make.commitment(status=CommitmentStatus.IN_PROGRESS)
    boss.send("/admin/organisations/nouvelle", {"name": "Transparence citoyenne", "website": "https://asso.example.org"})
    (organisation,) = make.all(Organisation)
    boss.send(f"/admin/organisations/{organisation.id}/evaluateurs/nouveau", {"name": "Éva", "email": "eva@exemple.test"})
    assessor = sign_in(max(make.all(Account), key=lambda account: account.id))
    page = assessor.get_page("/compte/evaluations")
    assert "Transparence citoyenne" in page.text("main")
    assessor.send(f"/compte/evaluations/{commitment.plan.slug}/{commitment.number}", {"stands": "blocked", "body": TEXT})
    path = addresses.topic(commitment.topic.key)
    assert TEXT not in client.get(path).get_data(as_text=True)
    (version,) = make.all(TextVersion)
    review = moderator.get_page(f"/moderation/textes/{version.id}").text("main")
    assert "Transparence citoyenne" in review
    assert "Bloqué" in review
    moderator.send(f"/moderation/textes/{version.id}", {"action": "publish"})
    shown = client.get_page(path)
    table = " ".join(shown.text("section[@aria-labelledby='contre-evaluations']").split())
    ministry, organisation_row = (words(row) for row in shown.all("section[@aria-labelledby='contre-evaluations']//tbody/tr"))
    assert commitment.ministry.name in ministry
    assert "En cours" in ministry
    assert all(one in organisation_row for one in ("Transparence citoyenne", "Bloqué", "2 mars 2026", "Autre constat"))
    assert TEXT in table
    assert "Statut, selon une organisationBloquéTransparence citoyenne, 2 mars 2026" in shown.text("main")
    assert "Réponse officielle" not in table
    assert "Éva" not in shown.text("main")


def test_only_those_who_are_named_find_the_page(make, sign_in):
    organisation = make.organisation()
    assessor = make.assessor(organisation)
    commitment = make.commitment()
    path = f"/compte/evaluations/{commitment.plan.slug}/{commitment.number}"
    citizen = sign_in(make.person())
    assert "évaluer" not in citizen.get_page("/compte/").text("main").lower()
    for person in (citizen, sign_in(make.person(ministry=make.ministry()))):
        assert "Aucune organisation reconnue" in person.get_page("/compte/evaluations").text("main")
        assert person.get_page(path).all("main//form") == []
    browser = sign_in(assessor)
    values = browser.get_page(path).form()
    make.recognition_ended(organisation)
    assert browser.post(path, data={**values, "stands": "blocked", "body": TEXT}).status_code == 422
    assert make.all(Assessment) == []


def test_mistakes_are_said_and_the_text_stays(make, sign_in):
    browser = sign_in(make.assessor(make.organisation()))
    commitment = make.commitment()
    path = f"/compte/evaluations/{commitment.plan.slug}/{commitment.number}"
    answer = browser.send(path, {"body": TEXT, "stands": "published"})
    assert answer.status_code == 422
    page = browser.page(answer)
    assert "Choisissez où en est l’engagement." in page.text("main")
    assert page.form()["body"] == TEXT
    assert browser.get("/compte/evaluations/rien/1").status_code == 404


def test_a_website_that_is_no_web_address_is_refused(make, sign_in):
    boss = sign_in(make.person(roles=(Role.ADMINISTRATOR,)))
    for address in ("javascript:alert(1)", "//evil.example", "ftp://exemple.fr", "https://exemple.fr/\r\nX: y"):
        assert boss.send("/admin/organisations/nouvelle", {"name": "Asso", "website": address}).status_code == 422
    assert make.all(Organisation) == []


def test_ending_and_giving_back_a_recognition(make, sign_in):
    boss, organisation = sign_in(make.person(roles=(Role.ADMINISTRATOR,))), make.organisation()
    make.assessor(organisation, name="Éva")
    path = f"/admin/organisations/{organisation.id}"
    boss.send(f"{path}/fin", {})
    page = boss.get_page(path)
    assert "Personne n’évalue plus en son nom." in page.text("main")
    boss.post(f"{path}/reconnaitre", data=page.form())
    assert make.all(Organisation)[0].ended_at is None
    page = boss.get_page(path)
    boss.post(page.all("main//form")[-1].get("action"), data=page.form(-1))
    assert "Personne encore." in boss.get_page(path).text("main")
