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


class Permission(StrEnum):
    """Named ``object:verb``, kept alphabetical."""

    BAROMETER_MANAGE = "barometer:manage"
    MINISTRY_MANAGE = "ministry:manage"
    PEOPLE_MANAGE = "people:manage"
    RIGHT_GRANT = "right:grant"
    SECOND_FACTOR_RESET = "second_factor:reset"
    SITE_MANAGE = "site:manage"
    SPACE_READ = "space:read"
    TEXT_MODERATE = "text:moderate"


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
NOT_ONESELF = Predicate("is somebody else", lambda actor, target: target.identity_id != actor.identity_id, needs_target=True)

POLICY: dict[Permission, tuple[tuple[Predicate, ...], ...]] = {
    Permission.BAROMETER_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.MINISTRY_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.PEOPLE_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.RIGHT_GRANT: ((_has_role(Role.ADMINISTRATOR), NOT_ONESELF),),
    Permission.SECOND_FACTOR_RESET: ((_has_role(Role.ADMINISTRATOR), NOT_ONESELF),),
    Permission.SITE_MANAGE: ((_has_role(Role.ADMINISTRATOR),),),
    Permission.SPACE_READ: ((SIGNED_IN,),),
    Permission.TEXT_MODERATE: ((_has_role(Role.MODERATOR), NOT_AUTHOR),),
}


# What each permission lets somebody do, as docs/rights.md says it: "may ...".
PURPOSE: dict[Permission, str] = {
    Permission.BAROMETER_MANAGE: "import, publish and withdraw editions of barometers, say which ministry answers for a reform",
    Permission.MINISTRY_MANAGE: "create and rename ministries, name the one that took over",
    Permission.PEOPLE_MANAGE: "see who works here, rename, deactivate, take rights away",
    Permission.RIGHT_GRANT: "invite, give rights, reactivate",
    Permission.SECOND_FACTOR_RESET: "make an account forget its second factor",
    Permission.SITE_MANAGE: "close and reopen contributions, look after mails and jobs",
    Permission.SPACE_READ: "open their own space, with everything they wrote",
    Permission.TEXT_MODERATE: "read the texts that wait, publish or refuse them",
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
