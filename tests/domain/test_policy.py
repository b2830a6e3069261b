"""Who may do what."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from feedback_app.domain.policy import POLICY, PURPOSE, Actor, NotAllowed, Permission, Role, authorise, may, may_ever


@dataclass
class Text:
    author_id: int | None


MODERATOR = Actor(1, roles=frozenset({Role.MODERATOR}))
CITIZEN = Actor(2)


@pytest.mark.parametrize(
    ("actor", "author", "allowed"),
    [
        (MODERATOR, 2, True),
        (MODERATOR, None, True),
        (MODERATOR, 1, False),
        (CITIZEN, 1, False),
        (CITIZEN, 2, False),
        (Actor(3, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})), 2, False),
        (None, 2, False),
    ],
)
def test_moderators_decide_on_texts_of_others_only(actor, author, allowed):
    assert may(actor, Permission.TEXT_MODERATE, Text(author)) is allowed
    if not allowed:
        with pytest.raises(NotAllowed):
            authorise(actor, Permission.TEXT_MODERATE, Text(author))


def test_a_page_opens_for_those_who_could_use_it_on_something():
    assert may_ever(MODERATOR, Permission.TEXT_MODERATE)
    assert not may_ever(CITIZEN, Permission.TEXT_MODERATE)
    assert may_ever(CITIZEN, Permission.SPACE_READ)
    assert not may_ever(None, Permission.SPACE_READ)


def test_every_permission_has_a_rule_and_a_purpose_and_they_are_alphabetical():
    assert set(POLICY) == set(Permission)
    assert set(PURPOSE) == set(Permission), "say in PURPOSE what the permission lets somebody do"
    assert [permission.value for permission in Permission] == sorted(permission.value for permission in Permission)
