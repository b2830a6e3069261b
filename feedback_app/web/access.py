"""Who may open which address: every endpoint says so, and one that says nothing stays shut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from feedback_app.domain.policy import Actor, NotAllowed, Permission, may, may_ever
from feedback_app.domain.text import unwritable_characters
from feedback_app.extensions import csrf

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC_RULE = "public, max-age=0, must-revalidate"


class Door(StrEnum):
    """How an address is protected, and so whether its pages may be kept by a cache."""

    PUBLIC = "public"  # a page for everybody: cacheable, no cookie, no session
    PUBLIC_FORM = "public_form"  # anonymous form: never cached, protected by a signed key
    SECRET_LINK = "secret_link"  # noqa: S105 - whoever has the address: never cached, never indexed
    FIRST_FACTOR = "first_factor"  # a session, even one that still lacks its second factor
    SIGNED_IN = "signed_in"
    PERMISSION = "permission"


@dataclass(frozen=True)
class Access:
    door: Door
    permission: Permission | None = None

    @property
    def needs_session(self) -> bool:
        return self.door in {Door.FIRST_FACTOR, Door.SIGNED_IN, Door.PERMISSION}


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


public = _declare(Access(Door.PUBLIC))
public_form = _declare(Access(Door.PUBLIC_FORM))
secret_link = _declare(Access(Door.SECRET_LINK))
first_factor = _declare(Access(Door.FIRST_FACTOR))
signed_in = _declare(Access(Door.SIGNED_IN))


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for people who may ever use ``permission``; the service judges the thing itself."""
    return _declare(Access(Door.PERMISSION, permission))


def declared(endpoint: str | None) -> Access | None:
    """What the endpoint declares, or None."""
    return getattr(current_app.view_functions.get(endpoint or ""), "access", None)


def actor() -> Actor | None:
    """Who is signed in, as the policy sees them."""
    return current_user.actor if current_user.is_authenticated else None


def signed_in_actor() -> Actor:
    """The same where the guard has already made sure of it."""
    found = actor()
    if found is None:
        raise RuntimeError("this view needs @signed_in or @requires")
    return found


def clock_of(app: Flask) -> datetime:
    """The time as this application tells it."""
    clock: Callable[[], datetime] | None = app.config.get("CLOCK")
    return clock() if clock else datetime.now(UTC)


def now() -> datetime:
    """The time of this request."""
    return clock_of(current_app)


def _refuse_unwritable_address() -> None:
    """An address with a NUL or half a character in it names nothing here, and no database takes it."""
    try:
        parts = (request.path, *request.args.keys(), *request.args.values())
    except UnicodeDecodeError:  # raw bytes after the question mark
        abort(400)
    if any(unwritable_characters(part) for part in parts):
        abort(400)


def _this_address() -> str:
    return request.script_root + request.full_path.rstrip("?")


def _refuse_other_sites() -> None:
    """A form of ours is sent from a page of ours."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def refuse_strangers() -> None:
    """Before the body of a form is read: refuse whoever may not send it. The guard judges again, in the transaction of the form."""
    access = declared(request.endpoint)
    if access is None or not access.needs_session:
        raise RuntimeError("only for addresses that need a session")
    _refuse_other_sites()
    if not current_user.is_authenticated or (current_user.pending and access.door is not Door.FIRST_FACTOR):
        abort(401)
    if access.permission and not may_ever(actor(), access.permission):
        raise NotAllowed(access.permission)
    g.pop("_login_user", None)  # read again by the guard


def _guard() -> BaseResponse | None:
    if request.routing_exception is not None:
        return None  # Flask raises it next; under a wrong host name no address of ours can even be written
    _refuse_unwritable_address()
    if request.endpoint is None:
        return None  # 404, 405: nothing to open
    access = declared(request.endpoint)
    if access is None:
        current_app.logger.error("endpoint %s declares no access", request.endpoint)
        abort(403)
    _refuse_other_sites()
    if not access.needs_session:
        return None
    if not current_user.is_authenticated:
        if request.method == "POST":
            abort(401)
        return redirect(url_for("account.sign_in", suite=_this_address()))
    if current_user.pending and access.door is not Door.FIRST_FACTOR:
        # A sender of forms must not be led away from what was typed: the page of the refusal shows it.
        return abort(401) if request.method == "POST" else redirect(url_for("account.second_factor", suite=_this_address()))
    if access.permission and not may_ever(actor(), access.permission):
        raise NotAllowed(access.permission)
    if request.method == "POST":
        csrf.protect()
    return None


def _cache_rules(response: Response) -> Response:
    access = declared(request.endpoint)
    if request.endpoint == "static" and response.status_code < 400:
        return response
    if access and access.door is Door.PUBLIC and request.method in {"GET", "HEAD"} and response.status_code == 200:
        response.headers.setdefault("Cache-Control", PUBLIC_RULE)
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    if access and access.door is not Door.PUBLIC:
        response.headers.setdefault("X-Robots-Tag", "noindex")
    return response


def can(permission: Permission | str, target: Any = None) -> bool:
    """For templates: may the person signed in do this (to that)?"""
    permission = Permission(permission)
    return may_ever(actor(), permission) if target is None else may(actor(), permission, target)


def init_app(app: Flask) -> None:
    """Register the guard and the cache rules, and open the door of static files."""
    _declare(Access(Door.PUBLIC))(app.view_functions["static"])
    app.before_request(_guard)
    app.after_request(_cache_rules)
    app.jinja_env.globals["can"] = can
