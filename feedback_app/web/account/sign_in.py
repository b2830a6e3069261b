"""Signing in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import EmailField

from feedback_app.domain.browser import browser_name
from feedback_app.domain.policy import Actor, Permission, may_ever
from feedback_app.services import sign_in as service
from feedback_app.web.access import first_factor, now, public_form, secret_link
from feedback_app.web.account import bp
from feedback_app.web.fields import AnonymousForm, EmailAddress, Required, Writable, one_line
from feedback_app.web.language import page_language
from feedback_app.web.sessions import close_browser_session, open_browser_session
from feedback_app.web.transaction import small_form, transactional


class LinkForm(AnonymousForm):
    """Where to send the link."""

    email = EmailField(
        _l("Votre adresse électronique"),
        filters=[one_line],
        validators=[Writable(), Required(_l("Indiquez votre adresse\u00a0: nous y enverrons un lien de connexion.")), EmailAddress()],
    )


def own_path(path: str) -> str:
    """``path`` if it is one of this site, else nothing: a sign-in must never lead elsewhere."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) < 300 and path.isprintable() and "\\" not in path
    return path if fine else ""


def start_page(actor: Actor) -> str:
    """Where a person goes on to after signing in."""
    if may_ever(actor, Permission.TEXT_MODERATE):
        return url_for("moderation.queue")
    return url_for("admin.index") if may_ever(actor, Permission.PEOPLE_MANAGE) else url_for("account.index")


@bp.route("/connexion", methods=["GET", "POST"])
@public_form
@transactional
@small_form
def sign_in() -> str | Response | tuple[str, int]:
    """Ask for a link by mail."""
    form = LinkForm("sign-in", at=now())
    if form.sent():
        wanted = own_path(request.args.get("suite", ""))
        service.ask_link(form.email.data or "", wanted=wanted, language=page_language(), at=form.at, machine=request.remote_addr)
        return redirect(url_for(".link_sent"), 303)
    return render_template("account/sign_in.html", form=form), 422 if request.method == "POST" else 200


@bp.get("/connexion/envoye")
@public_form
def link_sent() -> str:
    """What to do next, whether the address is known or not."""
    return render_template("account/link_sent.html", minutes=service.LINK_MINUTES)


@bp.route("/connexion/<token>", methods=["GET", "POST"])
@secret_link
@transactional
@small_form
def use_link(token: str) -> str | Response | tuple[str, int]:
    """Sign in. Opening the link shows a button: only pressing it burns the link, so that link scanners cannot."""
    try:
        if request.method != "POST":
            service.usable_link(token, at=now())
            return render_template("account/use_link.html")
        row, secret = service.use_link(token, at=now(), machine=request.remote_addr, browser=browser_name(request.user_agent.string))
    except service.LinkRefused:
        return render_template("account/link_refused.html"), 410
    open_browser_session(row, secret)
    wanted = own_path(request.args.get("suite", ""))
    if current_user.pending:
        return redirect(url_for(".second_factor", suite=wanted or None), 303)
    return redirect(wanted or start_page(current_user.actor), 303)


@bp.post("/deconnexion")
@first_factor
@transactional
@small_form
def sign_out() -> Response:
    """End the session here and everywhere its cookie was copied to."""
    service.end_session(current_user.row, at=now(), machine=request.remote_addr)
    close_browser_session()
    return redirect(url_for("public.home"), 303)
