"""The second factor of staff: codes of an authenticator application (TOTP, RFC 6238) and recovery codes. Pure; ADR 0013 says why so."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
NEIGHBOURS = (0, -1, 1)  # steps around now: a telephone's clock is rarely right to the second

RECOVERY_CODES = 10
RECOVERY_LENGTH = 16  # of 32 signs: 80 bits, so that a plain hash is safe at rest
RECOVERY_GROUP = 4
_RECOVERY_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0 nor 1

TRIES = 5
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=12)


class CodeProblem(StrEnum):
    """Why a code was not accepted."""

    WRONG = "wrong"
    REPLAYED = "replayed"
    LOCKED = "locked"
    UNREADABLE = "unreadable"  # the key that made the secret is no longer among the site's


def new_seed() -> str:
    """What the database keeps of a second factor: random, and of no use without the key of the site."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_of(seed: str, account_id: int, key: bytes) -> str:
    """The TOTP secret that an authenticator application holds, in Base32. It is computed whenever it is needed and stored nowhere."""
    digest = hmac.digest(key, f"{account_id}:{seed}".encode("utf-8", "surrogatepass"), "sha256")
    return base64.b32encode(digest[:SECRET_BYTES]).decode("ascii")


def key_id(key: bytes) -> str:
    """A name for a key, which tells nothing about it: says which of the site's keys made a secret."""
    return hmac.digest(key, b"key id", "sha256").hex()[:16]


def uri(secret: str, *, email: str, site: str) -> str:
    """What the QR code says to the application."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=site)


def matching_step(code: str, secret: str, *, at: datetime) -> int | None:
    """The time step, now or one beside it, whose code this is; None when it is none of theirs."""
    totp, now = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS), int(at.timestamp()) // STEP_SECONDS
    found = [now + beside for beside in NEIGHBOURS if hmac.compare_digest(totp.generate_otp(now + beside).encode(), _bytes(code))]
    return found[0] if found else None


def typed_code(text: str) -> str:
    """A code as people type it: spaces, hyphens and capitals do not count."""
    return "".join(character for character in text if character.isalnum()).lower()


def is_recovery_code(code: str) -> bool:
    """Whether a typed code has the form of a recovery code rather than that of the application."""
    return len(code) == RECOVERY_LENGTH


def new_recovery_codes() -> list[str]:
    """Ten codes for the day when the telephone is lost, as they are shown: ``abcd-efgh-ijkm-npqr``."""
    codes = ("".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return ["-".join(code[start : start + RECOVERY_GROUP] for start in range(0, RECOVERY_LENGTH, RECOVERY_GROUP)) for code in codes]


def wait_after(failures: int) -> timedelta | None:
    """How long an account waits after so many wrong codes in a row; None: not at all. Every fifth doubles it, twelve hours at most."""
    rounds, rest = divmod(failures, TRIES)
    return min(FIRST_WAIT * 2 ** min(rounds - 1, 10), LONGEST_WAIT) if rounds and not rest else None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
