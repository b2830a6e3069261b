"""How often the same account, network or e-mail address may send a form (``RATE_LIMIT_...``).

Counted before anything else, in a short transaction of its own: a form that is refused later has been sent all the same. What is counted
is a keyed hash. Reading is not counted: that is for a proxy in front.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

from flask import Flask, g, request, session
from flask_limiter import Limit, Limiter, RateLimitExceeded, RequestLimit
from limits.storage import Storage
from sqlalchemy import Connection
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from config import Config
from feedback_app.database import db, short_transaction
from feedback_app.domain.personal_data import InvalidEmail, clean_email, email_key, truncate_address
from feedback_app.services import rate_counts
from feedback_app.services.signing import keyed_hash
from feedback_app.web import errors
from feedback_app.web.access import declared, now
from feedback_app.web.transaction import writes

IPV6_BITS = 56  # what a provider gives to one household


class DatabaseStorage(Storage):
    """Where counts are kept when there is no Redis: the table ``rate_count``."""

    STORAGE_SCHEME = ["database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return rate_counts.add(_connection(), key, amount, timedelta(seconds=expiry), at=now())[0]

    def get(self, key: str) -> int:
        return rate_counts.of(_connection(), key, at=now())[0]

    def get_expiry(self, key: str) -> float:
        return rate_counts.of(_connection(), key, at=now())[1].timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        return rate_counts.forget(_connection())

    def clear(self, key: str) -> None:
        rate_counts.forget(_connection(), key=key)


def _connection() -> Connection:
    """The short transaction of this request, opened by its first count."""
    if "rate_transaction" not in g:
        transaction = ExitStack()
        g.rate_connection = transaction.enter_context(short_transaction(durable=False))
        g.rate_transaction = transaction
    return cast("Connection", g.rate_connection)


def _settle() -> None:
    """The counts stay, whatever comes next."""
    if transaction := g.pop("rate_transaction", None):
        g.pop("rate_connection")
        transaction.close()


def _give_up(error: BaseException | None) -> None:
    """When counting itself failed, after which nothing was settled."""
    if transaction := g.pop("rate_transaction", None):
        transaction.__exit__(type(error) if error else RuntimeError, error or RuntimeError("not settled"), None)


def _remember_when(limit: RequestLimit) -> None:
    g.retry_at = datetime.fromtimestamp(limit.reset_at, UTC)
    _settle()


def _account() -> str:
    """The account whose live session the request carries, hashed; "" where no session is read, or none is open."""
    if "rate_account" not in g:
        access = declared(request.endpoint)
        token = session.get("_user_id") if access and access.needs_session else None
        account_id = _account_of(token) if token else None
        g.rate_account = keyed_hash(str(account_id), "rate-account") if account_id else ""
    return str(g.rate_account)


def _account_of(token: str) -> int | None:
    with db.engine.connect() as connection:  # not the session's: its transaction begins after this
        return rate_counts.account_of_session(connection, token, at=now())


def _network() -> str:
    """The network that the request came from, hashed; "" for somebody signed in, who is counted as themselves."""
    network = truncate_address(request.remote_addr or "", ipv6_bits=IPV6_BITS)
    return keyed_hash(network, "rate-network") if network and not _account() else ""


def _address() -> str:
    """The e-mail address that the form names, hashed; "" when it names none."""
    try:
        return keyed_hash(email_key(clean_email(request.form.get("email", ""))), "rate-email")
    except InvalidEmail:
        return ""


def _limits(settings: Config) -> list[Limit]:
    kinds = {"account": (settings.limits.account, _account), "address": (settings.limits.address, _network)}
    kinds["email"] = (settings.limits.email, _address)
    return [
        Limit(value, key_function=key, scope=scope, shared=True, methods=["POST"], exempt_when=partial(_names_nobody, key))
        for scope, (value, key) in kinds.items()
        if value != "0"
    ]


def _only_reads() -> bool:
    return request.method != "POST"


def _names_nobody(key: Callable[[], str]) -> bool:
    return not writes() or not key()


def _too_many(_error: RateLimitExceeded) -> Response:
    """The page of any refusal for haste: with what was typed, and when to come back."""
    return errors.refuse(TooManyRequests(retry_after=g.get("retry_at")))


def init_app(app: Flask) -> None:
    """Register it: after the body was read, before the request's transaction opens."""
    settings: Config = app.config["SETTINGS"]
    limiter = Limiter(
        key_func=_network,
        default_limits=[*_limits(settings)],
        storage_uri=settings.redis_url or "database://",
        storage_options={"socket_connect_timeout": 2, "socket_timeout": 2} if settings.redis_url else {},
        # A Redis that is away must not silence citizens: it is logged, and nothing is counted meanwhile.
        swallow_errors=bool(settings.redis_url),
        on_breach=_remember_when,
        headers_enabled=False,
    )
    limiter.request_filter(_only_reads)  # at once, where the limits below would each say that they are not meant
    limiter.init_app(app)
    app.before_request(_settle)
    app.teardown_request(_give_up)
    app.register_error_handler(RateLimitExceeded, _too_many)
