"""Where a person is signed in, and signing out from elsewhere."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from feedback_app.services import sign_in as service
from feedback_app.web.access import now, signed_in
from feedback_app.web.account import bp
from feedback_app.web.sessions import close_browser_session
from feedback_app.web.transaction import small_form, transactional


@bp.get("/sessions")
@signed_in
def sessions() -> str:
    """Each browser in which this person is signed in."""
    found = service.live_sessions(current_user.account, at=now())
    return render_template("account/sessions.html", sessions=found, own=current_user.row)


@bp.post("/sessions/<int:session_id>/fermer")
@signed_in
@transactional
@small_form
def end_session(session_id: int) -> Response:
    """Sign one browser out."""
    here = session_id == current_user.row.id
    try:
        service.end_own_session(current_user.account, session_id, at=now(), machine=request.remote_addr)
    except LookupError:
        abort(404)
    if here:
        close_browser_session()
        return redirect(url_for("public.home"), 303)
    flash(_("Cette session est fermée."), "success")
    return redirect(url_for(".sessions"), 303)


@bp.post("/sessions/fermer")
@signed_in
@transactional
@small_form
def end_sessions() -> Response:
    """Sign every browser out, this one too."""
    service.end_everywhere(current_user.account, at=now(), machine=request.remote_addr)
    close_browser_session()
    return redirect(url_for("public.home"), 303)
