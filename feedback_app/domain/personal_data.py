"""Personal data: how an address is checked, compared, masked, shortened or hashed. Nothing here reads or writes anything."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

EMAIL_MAX = 254
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PASTED_AROUND = " \t\r\n\u00a0\u202f\u200b\ufeff"


class EmailProblem(StrEnum):
    """Why an address was refused: forms have one sentence for each."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FORBIDDEN_CHARACTER = "forbidden_character"
    DISPLAY_NAME = "display_name"
    MISSING_AT = "missing_at"
    ACCENT_BEFORE_AT = "accent_before_at"
    MALFORMED = "malformed"


class InvalidEmail(ValueError):
    """The text is no e-mail address that the platform could write to; ``reason`` says why, the address itself is not repeated."""

    def __init__(self, reason: EmailProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


def clean_email(text: str) -> str:
    """Return a typed e-mail address as it is stored: local part as typed, domain in lower case and in its ASCII form (IDNA).

    Only the syntax is checked (RFC 5321 and 5322, at most 254 characters), no network. Reserved domains for documentation and tests
    (example.org, exemple.test) pass, a domain without a dot does not. Raises InvalidEmail.
    """
    address = text.strip(_PASTED_AROUND)
    problem = _obvious_problem(address)
    if problem is not None:
        raise InvalidEmail(problem)
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False, allow_display_name=False, test_environment=True)
    except EmailNotValidError:
        raise InvalidEmail(EmailProblem.MALFORMED) from None
    domain = str(checked.ascii_domain).lower()
    if "." not in domain:
        raise InvalidEmail(EmailProblem.MALFORMED)
    return f"{address.rpartition('@')[0]}@{domain}"


def _obvious_problem(address: str) -> EmailProblem | None:
    local_part, at, _ = address.rpartition("@")
    problems = {
        EmailProblem.EMPTY: not address,
        EmailProblem.TOO_LONG: len(address) > EMAIL_MAX,
        EmailProblem.FORBIDDEN_CHARACTER: _CONTROL.search(address) is not None,
        EmailProblem.DISPLAY_NAME: "<" in address or ">" in address,
        EmailProblem.MISSING_AT: not at,
        # Few mail servers accept accents before the @: the confirmation would never arrive, and nobody would know why.
        EmailProblem.ACCENT_BEFORE_AT: not local_part.isascii(),
    }
    return next((problem for problem, found in problems.items() if found), None)


def email_key(email: str) -> str:
    """Return the form of a cleaned address under which it is unique and looked up: the whole of it without case.

    RFC 5321 lets a local part tell capitals apart; no provider in use does, and people type their address differently from one day to
    the next. Nothing else is merged: no dots or "+tags" removed, they are different mailboxes at most providers.
    """
    return email.strip().casefold()


def mask_email(email: str) -> str:
    """Return an address that its owner recognises and others cannot use, ``j…@e….org``: no length, no middle. Empty if there is no "@"."""
    local_part, at, domain = email.rpartition("@")
    if not at:
        return ""
    name, dot, last = domain.rpartition(".")
    return f"{local_part[:1]}…@{name[:1]}…{dot}{last}" if dot else f"{local_part[:1]}…@…"


def truncate_address(ip: str, *, ipv6_bits: int = 48) -> str:
    """Return the network of an IP address, ``203.0.113.0/24`` (IPv6: /48), which names no household; "" if it is no address.

    An IPv4 address written inside an IPv6 one (``::ffff:203.0.113.7``) counts as IPv4.
    """
    try:
        address = ipaddress.ip_address(ip.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        if mapped is None:
            return str(ipaddress.IPv6Network((int(address), ipv6_bits), strict=False))
        address = mapped
    return str(ipaddress.IPv4Network((int(address), 24), strict=False))


def keyed_hash(value: str, key: str | bytes, purpose: str) -> str:
    """Return the HMAC-SHA256 of a value in hexadecimal; the same value under another purpose is another hash.

    The purpose makes a key of its own, so no choice of purpose and value can collide with another. Raises ValueError for an empty
    key or purpose.
    """
    if not key or not purpose:
        raise ValueError("a keyed hash needs a key and a purpose")
    purpose_key = hmac.digest(key.encode() if isinstance(key, str) else key, purpose.encode(), "sha256")
    return hmac.new(purpose_key, _bytes(value), hashlib.sha256).hexdigest()


def new_token() -> str:
    """Return a random token of 256 bits for a link, safe in an address. Only its hash is stored."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a random token in hexadecimal, as stored. Too fast for anything that a person could guess."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def _bytes(value: str) -> bytes:
    # What comes with a request may hold half a character: it must miss, not crash.
    return value.encode("utf-8", "surrogatepass")
