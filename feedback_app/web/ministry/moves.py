"""Who has the case, what is asked of the citizen, and more time: each on its own address."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from feedback_app.domain.case import CaseAction
from feedback_app.domain.policy import Permission
from feedback_app.services.cases import clock, conversation, extending, taking
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.ministry import bp
from feedback_app.web.ministry.case import back, possible, sent_status, the_case
from feedback_app.web.ministry.forms import HandOverForm, MoveForm, OfficialForm
from feedback_app.web.transaction import transactional


@bp.post("/dossiers/<reference>/prendre")
@requires(Permission.CASE_WORK)
@transactional
def take(reference: str) -> Response:
    """Take the case."""
    case = the_case(reference)
    taking.take(case, actor=signed_in_actor(), seen_version=MoveForm(case).seen, at=now())
    return back(case, _("Ce dossier est à vous. La personne en est prévenue, sans votre nom."))


@bp.post("/dossiers/<reference>/remettre")
@requires(Permission.CASE_WORK)
@transactional
def release(reference: str) -> Response:
    """Put it back among those to take."""
    case = the_case(reference)
    taking.release(case, actor=signed_in_actor(), seen_version=MoveForm(case).seen, at=now())
    return back(case, _("Ce dossier est de nouveau à prendre."))


@bp.post("/dossiers/<reference>/reprendre")
@requires(Permission.CASE_WORK)
@transactional
def take_back(reference: str) -> Response:
    """Go on without the citizen's reply."""
    case = the_case(reference)
    conversation.take_back(case, actor=signed_in_actor(), seen_version=MoveForm(case).seen, at=now())
    return back(case, _("Le délai court de nouveau."))


@bp.route("/dossiers/<reference>/confier", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def hand_over(reference: str) -> Response | tuple[str, int]:
    """Give the case to a colleague."""
    case = the_case(reference)
    form = HandOverForm(case, taking.may_have(case))
    if form.sent():
        words, to = form.body.data or "", int(form.to.data)
        taking.hand_over(case, to, words=words, actor=signed_in_actor(), seen_version=form.seen, at=now())
        return back(case, _("Ce dossier est confié à votre collègue."))
    offered = possible(case, CaseAction.HAND_OVER)
    return render_template("ministry/hand_over.html", case=case, form=form, possible=offered), sent_status()


@bp.route("/dossiers/<reference>/question", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def ask_citizen(reference: str) -> Response | tuple[str, int]:
    """Ask the person for what is missing."""
    case = the_case(reference)
    form = OfficialForm(case)
    if form.sent():
        conversation.ask_citizen(case, form.body.data or "", actor=signed_in_actor(), seen_version=form.seen, at=now())
        return back(case, _("La question est partie. Le délai est suspendu jusqu’à la réponse."))
    offered = possible(case, CaseAction.ASK_CITIZEN)
    return render_template("ministry/ask_citizen.html", case=case, form=form, possible=offered), sent_status()


@bp.route("/dossiers/<reference>/prolonger", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def extend(reference: str) -> Response | tuple[str, int]:
    """Take more time, once, with a public reason."""
    case = the_case(reference)
    form = OfficialForm(case)
    if form.sent():
        try:
            extending.extend(case, form.body.data or "", actor=signed_in_actor(), seen_version=form.seen, at=now())
            return back(case, _("Le délai est prolongé de 15 jours ouvrés. La personne en est prévenue."))
        except extending.NoExtension:
            form.form_errors.append(_("Ce délai ne peut pas, ou plus, être prolongé."))
    offered = possible(case, CaseAction.EXTEND)
    extended = clock.delay(case, extended_at=now()) if offered else None
    return render_template("ministry/extend.html", case=case, form=form, possible=offered, extended=extended), sent_status()
