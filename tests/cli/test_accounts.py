"""``flask accounts``: staff accounts and sign-in links for an operator with a shell."""

from __future__ import annotations

import pytest

from feedback_app import create_app
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Account, CaseEvent
from tests.conftest import settings


@pytest.fixture
def flask(app):
    """``flask(*words)``: run a command."""
    return lambda *words: app.test_cli_runner().invoke(args=["accounts", *words])


def test_an_account_is_created_with_its_roles_and_leaves_a_trace(flask, make):
    result = flask("create", "Camille@exemple.test", "--name", "Camille Martin", "--role", "moderator", "--role", "coordinator")

    assert result.exit_code == 0, result.output
    (account,) = make.all(Account)
    assert account.name == "Camille Martin"
    assert {held.role for held in account.roles} == {Role.MODERATOR, Role.COORDINATOR}
    assert [event.verb for event in make.all(CaseEvent)] == ["account:create", "role:grant", "role:grant"]


def test_a_membership_names_its_ministry(flask, make):
    ministry = make.ministry()
    result = flask("create", "lea@exemple.test", "--name", "Léa", "--ministry", ministry.slug, "--as", "contact")

    assert result.exit_code == 0, result.output
    (account,) = make.all(Account)
    assert [(held.ministry_id, held.kind) for held in account.memberships] == [(ministry.id, MembershipKind.CONTACT)]


def test_the_same_command_again_changes_nothing_but_the_name(flask, make):
    for name in ("Camille", "Camille Martin"):
        assert flask("create", "camille@exemple.test", "--name", name, "--role", "moderator").exit_code == 0

    (account,) = make.all(Account)
    assert account.name == "Camille Martin"
    assert len(account.roles) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("create", "camille", "--name", "C"), "n’est pas une adresse électronique"),
        (("create", "camille@exemple.test", "--name", " "), "--name est vide"),
        (("create", "camille@exemple.test", "--name", "C", "--role", "king"), "king"),
        (("create", "camille@exemple.test", "--name", "C", "--ministry", "nulle-part", "--as", "lead"), "nulle-part"),
        (("create", "camille@exemple.test", "--name", "C", "--as", "lead"), "--ministry et --as vont ensemble"),
        (("sign-in-link", "inconnue@exemple.test"), "personne ne peut se connecter"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_nothing_written(flask, make, words, sentence):
    result = flask(*words)

    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert make.all(Account) == []


def test_the_link_of_an_operator_signs_in(flask, client, make):
    make.person(email="camille@exemple.test")
    result = flask("sign-in-link", "camille@exemple.test")

    path = result.output.strip().removeprefix("http://localhost")
    assert client.send(path).location == "/compte/"


def test_a_database_without_tables_is_said_in_one_line(tmp_path):
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path / 'new.db'}"))
    result = app.test_cli_runner().invoke(args=["accounts", "create", "camille@exemple.test", "--name", "Camille"])

    assert result.exit_code == 1
    assert "flask db upgrade" in result.output
