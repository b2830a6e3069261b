"""Error pages: what happened, what to do next, and the text kept where there was one.

Three nets, one under the other: the page; the page as it was when the process started, when making one fails; Werkzeug's own words.
"""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from feedback_app.database import db
from feedback_app.domain.errors import Conflict, ContributionsClosed
from feedback_app.domain.policy import NotAllowed
from feedback_app.domain.text import clean_typed
from feedback_app.domain.workflow import MoveRefused
from feedback_app.web import closing, explanations, kept
from feedback_app.web.access import now
from feedback_app.web.fields import readable
from feedback_app.web.language import own_address
from feedback_app.web.transaction import after_giving_up, has_length

DRAIN_BYTES = 16 * 1024 * 1024
TEXT_LENGTH = 20  # what is at least as long was typed by somebody who would miss it
NOT_TYPED = {"code", "csrf_token", "email", "key", "seed", "website"}
# What an answer of this kind owes beside its page.
OWED_HEADERS = {"allow", "retry-after", "www-authenticate"}
LAST_RESORTS = (500, 503)


def _page(code: int, **context: object) -> Response:
    try:
        return make_response(_rendered(code, **context), code)
    except Exception as error:
        current_app.logger.error("the page of error %s failed", code, exc_info=error)
        resort = code if code in LAST_RESORTS else 500
        return make_response(current_app.extensions["last_resorts"][resort], resort)


def _rendered(code: int, **context: object) -> str:
    g.error_page = True  # no menu of the session: the database may be what failed
    words = explanations.of(code)
    return render_template("errors/page.html", **{"code": code, "explanation": words, "kept": _kept(), "sent": _sent(), **context})


def _sent() -> bool:
    return request.method == "POST"


def _form_again() -> str | None:
    """Where the form of this refused request is, as it would be now; None where there is none."""
    rule = request.url_rule
    return own_address() if _sent() and rule is not None and "GET" in (rule.methods or set()) else None


def _kept() -> list[str]:
    """What the person had typed. A body that is too large or broken cannot be read: what is left of it is drained."""
    if not _sent():
        return []
    try:
        form = request.form if has_length() else abort(411)
    except HTTPException:
        _drain()
        return []
    typed = [values for name, values in form.lists() if name not in NOT_TYPED and not name.startswith("seen")]  # versions that were shown
    texts = [clean_typed(readable(value)) for values in typed for value in values]
    return [text for text in texts if len(text) >= TEXT_LENGTH]


def _undo() -> None:
    """Give up what the request had begun. A connection that is gone cannot even do that, and need not."""
    try:
        db.session.rollback()
    except Exception as error:  # noqa: BLE001 - the page comes first
        current_app.logger.error("rolling back failed: %s", type(error).__name__)


def refuse(error: HTTPException) -> Response:
    """The page of a refusal, from an error handler elsewhere in the web."""
    page = _http(error)
    return page if isinstance(page, Response) else make_response(page)


def _http(error: HTTPException) -> HTTPException | Response:
    code = error.code or 500
    if isinstance(error, SecurityError):
        # Asked under a name that is not ours: no link of ours can be written for it.
        return Response(_("Ce site ne répond pas à ce nom."), status=code, mimetype="text/plain")
    if code < 400:
        return error  # a redirection
    _undo()
    if code == 413:
        _drain()
    page = _page(code, retry=explanations.when_to_retry(getattr(error, "retry_after", None), now()), **_way_back(code))
    page.headers.extend([(name, value) for name, value in error.get_headers() if name.lower() in OWED_HEADERS])
    return page


def _way_back(code: int) -> dict[str, str]:
    """Where to sign in after a refusal for want of a session, and whether what was typed waits behind it."""
    if code != 401 or not _sent() or not has_length():
        return {}
    found: list[str | None] = []
    try:
        after_giving_up(lambda: found.append(kept.keep()))
    except Exception as error:  # noqa: BLE001 - the page shows the text all the same
        current_app.logger.error("a form could not be kept: %s", type(error).__name__)
    return {"way_back": found[0]} if found and found[0] else {}


def _drain() -> None:
    """Read what is still coming, within a bound: a connection closed too early shows the browser's own error, not ours."""
    if g.get("drained"):
        return  # a development server would wait for more that never comes
    g.drained = True
    stream, left = request.environ["wsgi.input"], min(DRAIN_BYTES, request.content_length or DRAIN_BYTES)
    while left > 0 and (chunk := stream.read(min(left, 65536))):
        left -= len(chunk)


def _csrf(_error: CSRFError) -> Response:
    """The form was made in a session that is over: the same words, and the text kept."""
    _undo()
    return _page(401)


def _conflict(error: Conflict) -> Response:
    _undo()
    return _page(409, other=error.other, again=_form_again())


def _closed(_error: ContributionsClosed) -> Response:
    """Citizens can read but not write for now: what was typed comes back, and the notice says why."""
    _undo()
    g.site_notice = closing.notice()  # an error page does not ask by itself
    return _page(503, explanation=explanations.CLOSED, again=_form_again())


def _move_refused(_error: MoveRefused) -> Response:
    _undo()
    return _page(409, other=None, again=_form_again())


def _not_allowed(_error: NotAllowed) -> Response:
    _undo()
    return _page(403)


def _database_away(error: OperationalError | PoolTimeout) -> Response:
    current_app.logger.error("database unavailable: %s", type(error).__name__)
    _undo()
    return _page(503)


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("unexpected error", exc_info=error)
    _undo()
    return _page(500)


def init_app(app: Flask) -> None:
    """Register them. In tests an unexpected error goes through, so that it is seen."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(ContributionsClosed, _closed)
    app.register_error_handler(MoveRefused, _move_refused)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)


def keep_last_resorts(app: Flask) -> None:
    """Make the pages for the day when none can be made. Once every address is known: they link to some."""
    with app.test_request_context(base_url=app.config["BASE_URL"]):  # the only name that a production site answers to
        app.extensions["last_resorts"] = {code: _rendered(code) for code in LAST_RESORTS}
