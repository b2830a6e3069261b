"""A narrowed membership: the rule about one thing and the list in SQL say the same."""

from __future__ import annotations

from itertools import product

import pytest
import sqlalchemy as sa

from feedback_app.database import db
from feedback_app.domain.policy import Actor, MembershipKind, Scope
from feedback_app.models import Membership, MembershipScope
from feedback_app.services.scopes import scope_of, within

CONTACT, LEAD = MembershipKind.CONTACT, MembershipKind.LEAD
MINISTRIES, TOPICS, TERRITORIES = (1, 2, None), (10, 11, None), ("D69", "R84", "FRANCE", None)
ACTORS = {
    "nobody": Actor(1),
    "whole": Actor(1, memberships=frozenset({(1, CONTACT)})),
    "one topic": Actor(1, memberships=frozenset({(1, CONTACT)}), scopes=frozenset({(1, CONTACT, Scope(frozenset({10})))})),
    "a territory": Actor(1, memberships=frozenset({(1, CONTACT)}), scopes=frozenset({(1, CONTACT, Scope(territories=frozenset({"D69"})))})),
    "either": Actor(
        1, memberships=frozenset({(1, CONTACT)}), scopes=frozenset({(1, CONTACT, Scope(frozenset({11}), frozenset({"R84", "D69"})))})
    ),
    "two ministries": Actor(
        1, memberships=frozenset({(1, CONTACT), (2, CONTACT)}), scopes=frozenset({(2, CONTACT, Scope(frozenset({10})))})
    ),
    "narrow and whole": Actor(
        1, memberships=frozenset({(1, CONTACT), (1, LEAD)}), scopes=frozenset({(1, CONTACT, Scope(frozenset({10})))})
    ),
    "lead only": Actor(1, memberships=frozenset({(1, LEAD)})),
}


@pytest.mark.parametrize("kinds", [{CONTACT}, {CONTACT, LEAD}], ids=["contacts", "contacts and leads"])
@pytest.mark.parametrize("name", ACTORS)
def test_the_rule_and_its_twin_agree_on_everything(context, name, kinds):
    actor, things = ACTORS[name], list(product(MINISTRIES, TOPICS, TERRITORIES))
    reached = [thing for thing in things if actor.reaches(thing[0], kinds, topic_id=thing[1], territory=thing[2])]
    rows = sa.union_all(
        *(
            sa.select(
                sa.literal(number, sa.Integer).label("n"),
                sa.cast(sa.literal(ministry, sa.Integer), sa.Integer).label("ministry"),
                sa.cast(sa.literal(topic, sa.Integer), sa.Integer).label("topic"),
                sa.cast(sa.literal(territory, sa.Text), sa.Text).label("territory"),
            )
            for number, (ministry, topic, territory) in enumerate(things)
        )
    ).subquery()
    rule = within(actor, kinds, ministry=rows.c.ministry, topic=rows.c.topic, territory=rows.c.territory)
    listed = [things[number] for number in db.session.scalars(sa.select(rows.c.n).where(rule).order_by(rows.c.n))]
    assert listed == reached
    assert bool(reached) == (name != "nobody" and not (name == "lead only" and kinds == {CONTACT}))


def test_a_region_stands_for_its_departements_and_france_for_the_country_alone():
    membership = Membership(ministry_id=1, kind=CONTACT)
    assert scope_of(membership) is None
    membership.scope = [MembershipScope(territory="R94"), MembershipScope(topic_id=7)]
    assert scope_of(membership) == Scope(frozenset({7}), frozenset({"R94", "D2A", "D2B"}))
    membership.scope = [MembershipScope(territory="FRANCE")]
    assert scope_of(membership) == Scope(territories=frozenset({"FRANCE"}))
