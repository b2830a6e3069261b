"""What the second factor of staff leaves in the database (ADR 0013): nothing that opens a session by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.database import NEVER_REUSE_IDS, Model


class SecondFactor(Model):
    """An authenticator application that somebody proved to hold. The secret is computed from ``seed`` and the site's key ``key_id``.

    ``last_step``: the time step of the last code accepted, which no later code may repeat; ``failures``: wrong codes in a row.
    """

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    seed: Mapped[str]
    key_id: Mapped[str]
    enrolled_at: Mapped[datetime]
    last_step: Mapped[int]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class RecoveryCode(Model):
    """The hash of one of ten codes; each opens once."""

    __table_args__ = (UniqueConstraint("account_id", "code_hash"), NEVER_REUSE_IDS)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
