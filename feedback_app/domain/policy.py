"""Who may do what: the only place that says so.

``POLICY`` maps each permission to *any of* several rules, each being *all of* several predicates. Views read it without a
target ("may this person ever do it?"), services with one ("may they do it to this?"), templates with either.
``docs/rights.md`` is written from here (``python -m tests.house.rights_page``): keep predicates small, and their names readable.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class MembershipKind(StrEnum):
    CONTACT = "contact"
    VALIDATOR = "validator"
    LEAD = "lead"


VALIDATORS = frozenset({MembershipKind.VALIDATOR, MembershipKind.LEAD})
"""A lead is also a validator."""


class Permission(StrEnum):
    """Named ``object:verb``, kept alphabetical."""

    ACCESS_LOG_READ = "access_log:read"
    ADDRESS_REVEAL = "address:reveal"
    ANSWER_PUBLISH = "answer:publish"
    ANSWER_SEND_BACK = "answer:send_back"
    ASSESSMENT_WRITE = "assessment:write"
    BAROMETER_MANAGE = "barometer:manage"
    CASE_READ = "case:read"
    CASE_ROUTE = "case:route"
    CASE_WORK = "case:work"
    COMMENT_REPLY = "comment:reply"
    COORDINATION_READ = "coordination:read"
    DATA_ERASE = "data:erase"
    DATA_EXPORT = "data:export"
    DESK_READ = "desk:read"
    MEETING_PUBLISH = "meeting:publish"
    MEETING_WITHDRAW = "meeting:withdraw"
    MEETING_WRITE = "meeting:write"
    MINISTRY_MANAGE = "ministry:manage"
    ORGANISATION_MANAGE = "organisation:manage"
    PEOPLE_MANAGE = "people:manage"
    PLAN_MANAGE = "plan:manage"
    PROGRESS_PUBLISH = "progress:publish"
    PROGRESS_SEND_BACK = "progress:send_back"
    PROGRESS_WRITE = "progress:write"
    RIGHT_GRANT = "right:grant"
    SECOND_FACTOR_RESET = "second_factor:reset"
    SITE_MANAGE = "site:manage"
    SPACE_READ = "space:read"
    TEXT_MODERATE = "text:moderate"
    TRANSFER_DECIDE = "transfer:decide"


@dataclass(frozen=True)
class Scope:
    """To what a membership is narrowed: what is about any of these topics, or any of these territories.

    ``territories`` holds every code that is meant, départements of a region included (``services/scopes.py`` adds them).
    """

    topic_ids: frozenset[int] = frozenset()
    territories: frozenset[str] = frozenset()

    def covers(self, topic_id: int | None, territory: str | None) -> bool:
        """Whether something about this topic and this territory is inside."""
        return topic_id in self.topic_ids or territory in self.territories


@dataclass(frozen=True)
class Actor:
    """The person who acts, as a rule sees them: no name, no address.

    ``memberships``: each right inside a ministry. ``scopes``: what some of them are narrowed to; one that is not here covers its whole
    ministry. Rules about a thing of a ministry ask ``reaches``, lists its twin in SQL, ``services/scopes.within``.
    """

    identity_id: int
    roles: frozenset[Role] = frozenset()
    memberships: frozenset[tuple[int, MembershipKind]] = field(default=frozenset())
    account_id: int | None = None
    scopes: frozenset[tuple[int, MembershipKind, Scope]] = frozenset()

    def reaches(
        self, ministry_id: int | None, kinds: Collection[MembershipKind], *, topic_id: int | None = None, territory: str | None = None
    ) -> bool:
        """Whether they hold one of ``kinds`` in the ministry, for a thing about this topic and this territory.

        A membership that is narrowed reaches nothing that is about neither.
        """
        narrowed = {(ministry, kind): scope for ministry, kind, scope in self.scopes}
        held = [(ministry, kind) for ministry, kind in self.memberships if ministry == ministry_id and kind in kinds]
        return any(one not in narrowed or narrowed[one].covers(topic_id, territory) for one in held)

    @property
    def ministry_ids(self) -> frozenset[int]:
        """The ministries they belong to, in whatever capacity."""
        return frozenset(ministry_id for ministry_id, _kind in self.memberships)

    def ministries_as(self, kinds: frozenset[MembershipKind]) -> frozenset[int]:
        """The ministries in which they hold one of these."""
        return frozenset(ministry_id for ministry_id, kind in self.memberships if kind in kinds)

    @property
    def is_staff(self) -> bool:
        """Whether this person holds any right beyond a citizen's: then a second factor is asked."""
        return bool(self.roles or self.memberships)


class NotAllowed(Exception):
    """The actor may not do this to that."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission.value)
        self.permission = permission


@dataclass(frozen=True)
class Predicate:
    """One condition; ``name`` ends the sentence "somebody who ...".

    ``needs_target``: it cannot be judged before the thing itself is known.
    """

    name: str
    holds: Callable[[Actor, Any], bool]
    needs_target: bool = False


def _article(role: Role) -> str:
    return "an" if role.value[0] in "aeiou" else "a"


def _has_role(role: Role) -> Predicate:
    return Predicate(f"is {_article(role)} {role.value}", lambda actor, _target: role in actor.roles)


SIGNED_IN = Predicate("is signed in", lambda _actor, _target: True)
NOT_AUTHOR = Predicate("did not write it", lambda actor, target: target.author_id != actor.identity_id, needs_target=True)
ONESELF = Predicate("is that person", lambda actor, target: target.id == actor.identity_id, needs_target=True)
NOT_ONESELF = Predicate("is somebody else", lambda actor, target: target.identity_id != actor.identity_id, needs_target=True)

CONTACT_SOMEWHERE = Predicate("belongs to a ministry", lambda actor, _target: bool(actor.memberships))
VALIDATOR_SOMEWHERE = Predicate(
    "validates in a ministry", lambda actor, _target: any(kind in VALIDATORS for _id, kind in actor.memberships)
)
MEMBERS = frozenset(MembershipKind)


def _reaches(actor: Actor, target: Any, ministry_id: int | None, kinds: Collection[MembershipKind]) -> bool:
    """A membership that is narrowed reaches only what is about its part of the ministry."""
    return actor.reaches(ministry_id, kinds, topic_id=target.topic_id, territory=target.territory)


IN_ITS_MINISTRY = Predicate(
    "belongs to the ministry that has it, for what it is about",
    lambda actor, target: _reaches(actor, target, target.ministry_id, MEMBERS),
    needs_target=True,
)
VALIDATES_IN_ITS_MINISTRY = Predicate(
    "validates in the ministry that has it, for what it is about",
    lambda actor, target: _reaches(actor, target, target.ministry_id, VALIDATORS),
    needs_target=True,
)
OFFERED_TO_ITS_MINISTRY = Predicate(
    "belongs to the ministry to which it is offered, for what it is about",
    lambda actor, target: _reaches(actor, target, target.offered_to_id, MEMBERS),
    needs_target=True,
)
WROTE_NONE_OF_IT = Predicate("wrote no word of it", lambda actor, target: actor.identity_id not in target.author_ids, needs_target=True)
WROTE_SOME_OF_IT = Predicate("wrote it", lambda actor, target: actor.identity_id in target.author_ids, needs_target=True)

OF_THE_SITE = Predicate(
    "does so for the site itself", lambda _actor, target: target.ministry_id is None and target.contribution_id is None, needs_target=True
)
HAS_NO_OFFICE = Predicate("works neither for a ministry nor for this site", lambda actor, _target: not actor.is_staff, needs_target=True)
ASSESSES_FOR_IT = Predicate(
    "was named to assess in its name", lambda actor, target: actor.identity_id in target.assessor_ids, needs_target=True
)
RECOGNISED = Predicate("does so while it is recognised", lambda _actor, target: target.recognised, needs_target=True)

POLICY: dict[Permission, tuple[tuple[Predicate, ...], ...]] = {
    Permission.ACCESS_LOG_READ: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.ADDRESS_REVEAL: ((_has_role(Role.MODERATOR),),),
    Permission.ANSWER_PUBLISH: ((VALIDATOR_SOMEWHERE, VALIDATES_IN_ITS_MINISTRY, WROTE_NONE_OF_IT),),
    Permission.ANSWER_SEND_BACK: (
        (VALIDATOR_SOMEWHERE, VALIDATES_IN_ITS_MINISTRY),
        (CONTACT_SOMEWHERE, IN_ITS_MINISTRY, WROTE_SOME_OF_IT),
    ),
    Permission.ASSESSMENT_WRITE: ((SIGNED_IN, HAS_NO_OFFICE, ASSESSES_FOR_IT, RECOGNISED),),
    Permission.BAROMETER_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.MEETING_PUBLISH: (
        (VALIDATOR_SOMEWHERE, VALIDATES_IN_ITS_MINISTRY, WROTE_NONE_OF_IT),
        (_has_role(Role.COORDINATOR), OF_THE_SITE, WROTE_NONE_OF_IT),
        (_has_role(Role.ADMINISTRATOR), OF_THE_SITE, WROTE_NONE_OF_IT),
    ),
    Permission.MEETING_WITHDRAW: (
        (CONTACT_SOMEWHERE, IN_ITS_MINISTRY),
        (_has_role(Role.COORDINATOR), OF_THE_SITE),
        (_has_role(Role.ADMINISTRATOR), OF_THE_SITE),
    ),
    Permission.MEETING_WRITE: (
        (CONTACT_SOMEWHERE, IN_ITS_MINISTRY),
        (_has_role(Role.COORDINATOR), OF_THE_SITE),
        (_has_role(Role.ADMINISTRATOR), OF_THE_SITE),
    ),
    Permission.MINISTRY_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.ORGANISATION_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.PEOPLE_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.RIGHT_GRANT: ((_has_role(Role.ADMINISTRATOR), NOT_ONESELF),),
    Permission.CASE_READ: (
        (CONTACT_SOMEWHERE, IN_ITS_MINISTRY),
        (CONTACT_SOMEWHERE, OFFERED_TO_ITS_MINISTRY),
        (_has_role(Role.COORDINATOR),),
    ),
    Permission.CASE_ROUTE: ((_has_role(Role.COORDINATOR),),),
    Permission.CASE_WORK: ((CONTACT_SOMEWHERE, IN_ITS_MINISTRY),),
    Permission.COMMENT_REPLY: ((CONTACT_SOMEWHERE, IN_ITS_MINISTRY),),
    Permission.COORDINATION_READ: ((_has_role(Role.COORDINATOR),),),
    Permission.DATA_ERASE: ((SIGNED_IN, ONESELF),),
    Permission.DATA_EXPORT: ((SIGNED_IN, ONESELF),),
    Permission.DESK_READ: ((CONTACT_SOMEWHERE,),),
    Permission.PLAN_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.PROGRESS_PUBLISH: ((VALIDATOR_SOMEWHERE, VALIDATES_IN_ITS_MINISTRY, WROTE_NONE_OF_IT),),
    Permission.PROGRESS_SEND_BACK: (
        (VALIDATOR_SOMEWHERE, VALIDATES_IN_ITS_MINISTRY),
        (CONTACT_SOMEWHERE, IN_ITS_MINISTRY, WROTE_SOME_OF_IT),
    ),
    Permission.PROGRESS_WRITE: ((CONTACT_SOMEWHERE, IN_ITS_MINISTRY),),
    Permission.SECOND_FACTOR_RESET: ((_has_role(Role.ADMINISTRATOR), NOT_ONESELF),),
    Permission.SITE_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.SPACE_READ: ((SIGNED_IN,),),
    Permission.TEXT_MODERATE: ((_has_role(Role.MODERATOR), NOT_AUTHOR),),
    Permission.TRANSFER_DECIDE: ((CONTACT_SOMEWHERE, OFFERED_TO_ITS_MINISTRY),),
}


# What each permission lets somebody do, as docs/rights.md says it: "may ...".
PURPOSE: dict[Permission, str] = {
    Permission.ACCESS_LOG_READ: "read who looked at whose data, and the other security events",
    Permission.ADDRESS_REVEAL: "see the whole e-mail address of a citizen, on record",
    Permission.ANSWER_PUBLISH: "publish an answer of their ministry, or its official reply to a comment",
    Permission.ANSWER_SEND_BACK: "send a proposed answer or reply back, with words",
    Permission.ASSESSMENT_WRITE: "send the counter-assessment of a commitment by their organisation to the moderators",
    Permission.BAROMETER_MANAGE: "import, publish and withdraw editions of barometers, say which ministry answers for a reform",
    Permission.CASE_READ: "read a request with everything in its case, and leave notes",
    Permission.CASE_ROUTE: "give a request that is not yet answered to a ministry",
    Permission.CASE_WORK: "take a request of their ministry, ask its author, extend, offer it elsewhere, prepare an answer",
    Permission.COMMENT_REPLY: "read the comments on what their ministry answers for, prepare the official reply, say that none is needed",
    Permission.COORDINATION_READ: "open the desk of the coordination",
    Permission.DATA_ERASE: "have everything erased that is held about them",
    Permission.DATA_EXPORT: "receive a copy of everything that is held about them",
    Permission.DESK_READ: "open the desk of their ministry",
    Permission.MEETING_PUBLISH: "publish a meeting or a production that a colleague wrote",
    Permission.MEETING_WITHDRAW: "take a meeting or a production of their own office off every page, file and calendar",
    Permission.MEETING_WRITE: "write a meeting or a production, its minutes among it, for somebody else to publish",
    Permission.MINISTRY_MANAGE: "create and rename ministries, name the one that took over",
    Permission.ORGANISATION_MANAGE: "recognise organisations of civil society, name who assesses in their name, end the recognition",
    Permission.PEOPLE_MANAGE: "see who works here, rename, deactivate, take rights away",
    Permission.PLAN_MANAGE: "import plans, move them from phase to phase, change the words of a commitment with a public reason",
    Permission.PROGRESS_PUBLISH: "publish a progress update of their ministry",
    Permission.PROGRESS_SEND_BACK: "send a proposed progress update back, with words",
    Permission.PROGRESS_WRITE: "say where a commitment of their ministry stands, for somebody else to publish",
    Permission.RIGHT_GRANT: "invite, give rights, reactivate",
    Permission.SECOND_FACTOR_RESET: "make an account forget its second factor",
    Permission.SITE_MANAGE: "close and reopen contributions, look after mails and jobs",
    Permission.SPACE_READ: "open their own space, with everything they wrote",
    Permission.TEXT_MODERATE: "read the texts that wait, publish or refuse them, take off a meeting that a citizen proposed",
    Permission.TRANSFER_DECIDE: "accept or decline a request that another ministry offers to theirs",
}


def may_ever(actor: Actor | None, permission: Permission) -> bool:
    """Whether the actor could do it to something: what opens a page or shows a menu entry."""
    if actor is None:
        return False
    return any(all(p.holds(actor, None) for p in rule if not p.needs_target) for rule in POLICY[permission])


def may(actor: Actor | None, permission: Permission, target: Any) -> bool:
    """Whether the actor may do it to ``target``."""
    return actor is not None and any(all(p.holds(actor, target) for p in rule) for rule in POLICY[permission])


def authorise(actor: Actor | None, permission: Permission, target: Any) -> None:
    """Raise ``NotAllowed`` unless the actor may do it to ``target``."""
    if not may(actor, permission, target):
        raise NotAllowed(permission)
