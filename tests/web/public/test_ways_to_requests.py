"""What leads to the public page of a request: the menu, the page of its topic, the private page, mails."""

from __future__ import annotations

from feedback_app.domain.contribution import ContributionKind
from tests.web.public.test_citizen_requests import S, listed


def test_the_menu_and_the_home_page_lead_to_requests(client, desk):
    request = desk.request(body="Combien de trous ont été rebouchés ?")
    page = client.get_page("/")
    assert "/demandes/" in page.links()
    assert f"/demandes/{request.reference}" in page.links()
    assert "Combien de trous ont été rebouchés ?" in page.text("main")


def test_a_commitment_shows_how_many_were_asked_and_the_latest(client, desk, clock, make, statements):
    path = f"/engagements/{make.commitment().plan.slug}/1"
    commitment = "/engagements/" + "/".join(desk.topic.key.split(":")[1:])
    assert path != commitment
    assert "Personne n’a encore posé de question sur cet engagement." in client.get_page(commitment).text("main")
    made = []
    for status in (S.ANSWERED, S.OPEN, S.OPEN, S.RECEIVED, S.OPEN):
        made.append(desk.request(status))
        clock.advance(minutes=1)
    with statements() as seen:
        page = client.get_page(commitment)
    assert "4 demandes publiées, dont 1 avec une réponse." in page.text("main")
    assert listed(page)[:3] == [made[number].reference for number in (4, 2, 1)], "the timeline further down names them too"
    assert f"/demandes/?sujet={desk.topic.key}" in [link.replace("%3A", ":") for link in page.links()]
    assert len(seen) <= 12


def test_an_indicator_shows_them_too(client, make, statements):
    indicator = make.indicator(barometer=make.barometer("essai"))
    request = make.request(topic=indicator.topic)
    with statements() as seen:
        page = client.get_page(f"/barometre/essai/indicateurs/{indicator.code}")
    assert listed(page) == [request.reference]
    assert "1 demande publiée, dont 0 avec une réponse." in page.text("main")
    assert len(seen) <= 12, len(seen)


def test_the_private_page_and_mails_lead_to_the_public_one_once_it_is_there(client, make, desk, outbox):
    waiting = desk.request(S.RECEIVED)
    private = client.get_page(make.private_path(waiting.contribution))
    assert f"/demandes/{waiting.reference}" not in private.links()
    assert f"/demandes/{waiting.reference}" in private.text("main"), "it says where the public page will be"
    assert not any(f"/demandes/{waiting.reference}" in mail.text for mail in outbox.all())
    answered = desk.request(S.ANSWERED)
    assert f"/demandes/{answered.reference}" in client.get_page(make.private_path(answered.contribution)).links()
    told = [mail for mail in outbox.all() if f"/demandes/{answered.reference}" in mail.text]
    assert {mail.key.split(":")[2] for mail in told} >= {"accepted", "taken", "answered"}


def test_no_mail_about_a_private_case_names_a_public_page(desk, outbox):
    request = desk.request(S.ANSWERED, kind=ContributionKind.ACCESS, private=True)
    assert len(outbox.all()) > 2
    assert not any(f"/demandes/{request.reference}" in mail.text for mail in outbox.all())
