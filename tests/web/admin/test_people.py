"""The administrators' pages about people."""

from __future__ import annotations

import pytest

from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Account, Membership
from tests.pages import words


@pytest.fixture
def boss(make) -> Account:
    return make.person(name="Ada", roles=(Role.ADMINISTRATOR,))


@pytest.fixture
def desk(sign_in, boss):
    return sign_in(boss)


def named(make, name: str) -> Account:
    return next(account for account in make.all(Account) if account.name == name)


def test_people_are_found_by_name_and_citizens_are_not_among_them(desk, make):
    make.person(name="Élodie Martin", roles=(Role.MODERATOR,))
    make.person(name="Bob")
    make.citizen(make.person(email="citoyenne@exemple.test"))
    page = desk.get_page("/admin/personnes?q=elodie")
    assert [words(cell) for cell in page.all("tbody//th")] == ["Élodie Martin"]
    assert "citoyenne" not in desk.get_page("/admin/personnes").text()


def test_the_list_goes_on_by_name(desk, make, statements):
    for number in range(60):
        make.person(name=f"Personne {number:02}")
    with statements() as few:
        page = desk.get_page("/admin/personnes")
    assert len(page.all("tbody//th")) == 50
    names = [words(cell) for cell in page.all("tbody//th")] + [words(cell) for cell in desk.get_page(page.next_page).all("tbody//th")]
    assert names == ["Ada", *(f"Personne {number:02}" for number in range(60))]
    with statements() as narrowed:
        desk.get_page("/admin/personnes?q=Ada")
    assert len(few) == len(narrowed)


def test_a_colleague_is_invited_with_a_right_and_a_mail(desk, make, outbox):
    ministry = make.ministry()
    answer = desk.send(
        "/admin/personnes/inviter",
        {"name": "Noé", "email": "noe@exemple.test", "ministry": ministry.slug, "membership": "contact"},
    )
    assert answer.status_code == 303
    assert [(held.kind, held.ministry_id) for held in named(make, "Noé").memberships] == [(MembershipKind.CONTACT, ministry.id)]
    assert outbox.only().recipient == "noe@exemple.test"


@pytest.mark.parametrize(
    "said",
    [
        {"name": "", "email": "noe@exemple.test", "roles": "moderator"},
        {"name": "Noé", "email": "nobody", "roles": "moderator"},
        {"name": "Noé", "email": "noe@exemple.test"},
        {"name": "Noé", "email": "noe@exemple.test", "membership": "lead"},
        {"name": "Noé", "email": "noe@exemple.test", "ministry": "nulle-part", "membership": "lead"},
        {"name": "a\x00b", "email": "noe@exemple.test", "roles": "moderator"},
        {"name": "n" * 81, "email": "noe@exemple.test", "roles": "moderator"},
    ],
)
def test_an_invitation_that_is_not_whole_invites_nobody_and_keeps_what_was_typed(desk, make, outbox, said):
    answer = desk.send("/admin/personnes/inviter", said)
    assert answer.status_code == 422
    assert outbox.all() == []
    assert len(make.all(Account)) == 1
    assert desk.page(answer).form()["email"] == said["email"]


def test_two_administrators_do_not_undo_each_other(desk, make):
    colleague = make.person(name="Léa", roles=(Role.MODERATOR,))
    path = f"/admin/personnes/{colleague.id}/modifier"
    stale = desk.get_page(path).form()
    assert desk.send(path, {"name": "Léa Martin"}).status_code == 303
    answer = desk.post(path, data={**stale, "name": "Léa M.", "roles": "coordinator"})
    assert answer.status_code == 409
    page = desk.page(answer)
    assert "Ada a fait un changement" in page.text()
    assert "Aujourd’hui : Léa Martin, Modération." in page.text()
    assert page.form()["name"] == "Léa M."
    assert desk.post(path, data={**page.form(), "roles": "coordinator"}).status_code == 303, "once more, knowingly"
    assert [held.role for held in named(make, "Léa M.").roles] == [Role.COORDINATOR]


def test_one_s_own_page_offers_no_right_and_a_made_up_form_gives_none(desk, boss, make):
    path = f"/admin/personnes/{boss.id}"
    assert not any("habilitations" in link for link in desk.get_page(path).links())
    values = desk.get_page(f"{path}/modifier").form()
    form = [("roles", "administrator"), ("roles", "moderator"), *((name, value) for name, value in values.items() if name != "roles")]
    assert desk.post(f"{path}/modifier", data=_multi(form)).status_code == 403
    assert [held.role for held in named(make, "Ada").roles] == [Role.ADMINISTRATOR]
    answer = desk.send(f"{path}/desactiver")
    assert answer.status_code == 422
    assert "plus personne pour administrer" in desk.page(answer).text()


def _multi(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_a_membership_is_given_narrowed_and_withdrawn(desk, make):
    ministry, colleague = make.ministry(), make.person(name="Léa")
    topic = make.commitment(ministry=ministry).topic
    person = f"/admin/personnes/{colleague.id}"
    desk.send(f"{person}/habilitations/nouvelle", {"ministry": ministry.slug, "membership": "validator"})
    (membership,) = make.all(Membership)
    _prefix, plan, number = topic.key.split(":")
    scope = f"/admin/habilitations/{membership.id}/perimetre"
    refused = desk.page(desk.send(scope, {"topics": "/engagements/autre/7", "territories": "69"}))
    assert [link for link in refused.links() if link in ("#topics", "#territories")] == ["#topics", "#territories"], (
        "each mistake leads to its field"
    )
    whole = f"http://localhost/en/engagements/{plan}/{number}?depuis=2026#suivi"
    assert desk.send(scope, {"topics": f"{whole} https://ailleurs.test/engagements/{plan}/{number}"}).status_code == 422
    assert desk.send(scope, {"topics": whole}).status_code == 303, "as copied from a browser"
    assert desk.send(scope, {"topics": f"/engagements/{plan}/{number}", "territories": "d69"}).status_code == 303
    assert topic.title in desk.get_page(person).text("table")
    assert "Rhône" in desk.get_page(person).text("table")
    assert desk.send(f"/admin/habilitations/{membership.id}/retirer").status_code == 303
    assert make.all(Membership) == []
    assert "Habilitation retirée Validation," in desk.get_page(person).text()


def test_a_right_is_not_given_twice_and_two_rights_in_one_ministry_are_told_apart(desk, make):
    ministry, colleague = make.ministry(), make.person(name="Léa")
    path = f"/admin/personnes/{colleague.id}/habilitations/nouvelle"
    for kind, status in (("contact", 303), ("contact", 422), ("lead", 303)):
        answer = desk.send(path, {"ministry": ministry.slug, "membership": kind})
        assert answer.status_code == status
        assert ("a déjà cette habilitation" in answer.text) is (status == 422)
    offered = [words(link) for link in desk.get_page(f"/admin/personnes/{colleague.id}").all("table//a")]
    assert len(set(offered)) == len(offered) == 4


def test_taking_the_last_contact_of_a_ministry_away_is_said_beforehand(desk, make):
    ministry = make.ministry()
    make.person(ministry=ministry)
    make.person(ministry=ministry, kind=MembershipKind.LEAD)
    first, lead = make.all(Membership)
    warning = "C’est le dernier contact de ce ministère"
    assert warning in desk.get_page(f"/admin/habilitations/{first.id}/retirer").text()
    assert warning not in desk.get_page(f"/admin/habilitations/{lead.id}/retirer").text()
    make.person(ministry=ministry)
    assert warning not in desk.get_page(f"/admin/habilitations/{first.id}/retirer").text()


@pytest.mark.parametrize("path", ["/admin/personnes/999999", "/admin/personnes/99999999999999999999", "/admin/habilitations/9/perimetre"])
def test_who_is_not_there_is_not_found(desk, path):
    assert desk.get(path).status_code == 404
