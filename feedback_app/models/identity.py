"""People, kept apart from everything they write, so that erasing a person is a deletion."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.text import fold
from feedback_app.models.organisation import Ministry
from feedback_app.models.topic import Topic


class Identity(Model):
    """A person known by an e-mail address. ``confirmed_at``: when they first proved that the address is theirs.

    ``unused_warned_at``: when they were told that an unused account is about to be erased.
    """

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    unused_warned_at: Mapped[datetime | None]


class Signature(Model):
    """A public name under which a person signs texts. One person may have several; a text without one is anonymous (ADR 0010)."""

    __table_args__ = (UniqueConstraint("identity_id", "name"), NEVER_REUSE_IDS)

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"))
    name: Mapped[str]


class Account(Model):
    """What lets a person sign in. ``name`` is how colleagues see them; the public never does.

    ``version`` grows with every change of the name or the rights: two administrators must not undo each other.
    """

    __table_args__ = (Index(None, "name_folded", "id"), NEVER_REUSE_IDS)

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str | None]
    name_folded: Mapped[str | None]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    identity: Mapped[Identity] = relationship(lazy="joined", innerjoin=True)
    roles: Mapped[list[AccountRole]] = relationship(lazy="selectin", passive_deletes=True)
    memberships: Mapped[list[Membership]] = relationship(lazy="selectin", passive_deletes=True)

    @validates("name")
    def _fold(self, _key: str, name: str | None) -> str | None:
        """Lists of people are sorted and searched by the folded name."""
        self.name_folded = fold(name) if name else None
        return name


class AccountRole(Model):
    """A role held across all ministries."""

    __table_args__ = (UniqueConstraint("account_id", "role"), NEVER_REUSE_IDS)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[Role]
    granted_at: Mapped[datetime]


class Membership(Model):
    """A right inside one ministry."""

    __table_args__ = (UniqueConstraint("account_id", "ministry_id", "kind"), NEVER_REUSE_IDS)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"), index=True)
    kind: Mapped[MembershipKind]
    granted_at: Mapped[datetime]

    ministry: Mapped[Ministry] = relationship()
    scope: Mapped[list[MembershipScope]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True, order_by="MembershipScope.id"
    )


class MembershipScope(Model):
    """One thing that a membership is narrowed to: a topic (a commitment, an indicator) or a territory. None: the whole ministry."""

    __table_args__ = (
        UniqueConstraint("membership_id", "topic_id"),
        UniqueConstraint("membership_id", "territory"),
        CheckConstraint("(topic_id IS NULL) <> (territory IS NULL)", name="one_of_the_two"),
        NEVER_REUSE_IDS,
    )

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    territory: Mapped[str | None]

    topic: Mapped[Topic | None] = relationship()


class AccountSession(Model):
    """A signed-in browser, found by the hash of the random value in its cookie. An ended row opens nothing any more.

    ``last_seen_at`` is true to a few minutes; ``browser``: "Firefox, Windows", so that people recognise their own.
    """

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    browser: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class SignInLink(Model):
    """A one-time link that was asked for. An unknown address leaves a row too (no identity): it counts against the hourly limit."""

    __table_args__ = (Index(None, "address_hash", "asked_at"), NEVER_REUSE_IDS)

    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    address_hash: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    identity: Mapped[Identity | None] = relationship()
