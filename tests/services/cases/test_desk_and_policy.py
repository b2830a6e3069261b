"""The tabs of the desk and the rule about one case say the same: whatever somebody may read is in a tab, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.policy import Permission, may
from feedback_app.models import Account, CitizenRequest, Membership, MembershipScope
from feedback_app.services import sign_in
from feedback_app.services.cases import desk as lists
from feedback_app.services.cases import tabs, taking
from feedback_app.services.cases.beginning import Figure
from feedback_app.services.cases.desk import Filters
from feedback_app.services.cases.tabs import Tab
from feedback_app.services.paging import Window

S = CaseStatus
ALL = [status for status in S if status is not S.ASLEEP]
READABLE = [status for status in ALL if status not in {S.RECEIVED, S.WITHDRAWN}]


def narrow(make, account: Account, **part) -> Account:
    with make.app.app_context(), unit_of_work():
        membership = db.session.query(Membership).filter_by(account_id=account.id).one()
        membership.scope.append(MembershipScope(**part))
    return account


@pytest.fixture
def people(desk, make) -> dict[str, Account]:
    bridge = make.commitment(ministry=desk.ministry, title="Un pont").topic
    desk.bridge = bridge
    return {
        "contact": desk.contact,
        "validator": desk.validator,
        "lead": desk.lead,
        "of the bridge": narrow(make, make.person(ministry=desk.ministry), topic_id=bridge.id),
        "of the Rhône": narrow(make, make.person(ministry=desk.ministry), territory="D69"),
        "neighbour": desk.neighbour,
        "moderator": make.moderator(),
        "citizen": make.person(),
    }


def read(account: Account, at) -> set[str]:
    """The references in all the tabs of all the desks of this person."""
    actor = sign_in.actor_of(db.session.get_one(Account, account.id))
    found: set[str] = set()
    for ministry in lists.desks_of(actor):
        counted = tabs.counts(ministry.id, actor, at=at)
        for tab in Tab:
            listed = {line.reference for line in lists.tab(tab, ministry.id, actor, Filters(), Window(size=200), at=at).items}
            assert len(listed) == counted[tab], tab
            found |= listed
    return found


def test_all_tabs_together_hold_what_one_may_read_and_no_more(desk, make, people, app, clock):
    for status in ALL:
        desk.request(status)
        desk.request(status, topic=desk.bridge)
        desk.request(status, figure=Figure("D69", None))
        make.request(topic=make.commitment(ministry=desk.other).topic, status=status, other=desk.ministry)
    for name, account in people.items():
        with app.app_context():
            actor = sign_in.actor_of(db.session.get_one(Account, account.id))
            rows = db.session.query(CitizenRequest).filter(CitizenRequest.status.in_(READABLE)).all()
            allowed = {request.reference for request in rows if may(actor, Permission.CASE_READ, request)}
            for days in (0, 60):
                assert read(account, clock() + timedelta(days=days)) == allowed, name
        assert bool(allowed) is (name not in {"moderator", "citizen"}), name


def test_a_case_is_handed_over_only_to_somebody_whose_right_covers_it(desk, people, play):
    request = desk.request(S.ASSIGNED)
    with pytest.raises(taking.NotAColleague):
        play(taking.hand_over, request, desk.contact, people["of the bridge"].identity_id)
    bridge, somebody = desk.request(S.ASSIGNED, topic=desk.bridge), people["of the bridge"].identity_id
    assert play(taking.hand_over, bridge, desk.contact, somebody).assignee_id == somebody
