"""From one ministry to another: offered, taken back, accepted, declined."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from feedback_app.domain.case import CaseAction
from feedback_app.domain.policy import Permission
from feedback_app.services.cases import file, routing, transfers
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.ministry import bp
from feedback_app.web.ministry.case import back, possible, sent_status, the_case
from feedback_app.web.ministry.forms import MoveForm, ToMinistryForm, WordsForm
from feedback_app.web.transaction import transactional


@bp.route("/dossiers/<reference>/proposer", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def offer(reference: str) -> Response | tuple[str, int]:
    """Offer the case to another ministry."""
    case = the_case(reference)
    form = ToMinistryForm(case, [ministry for ministry in routing.ministries() if ministry.id != case.ministry_id])
    if form.sent():
        reason = form.body.data or ""
        transfers.offer(case, form.ministry, reason=reason, actor=signed_in_actor(), seen_version=form.seen, at=now())
        return back(case, _("Le transfert est proposé. L’autre ministère a deux jours ouvrés pour répondre."))
    offered = possible(case, CaseAction.OFFER_TRANSFER)
    return render_template("ministry/offer.html", case=case, form=form, possible=offered), sent_status()


@bp.post("/dossiers/<reference>/garder")
@requires(Permission.CASE_WORK)
@transactional
def cancel_offer(reference: str) -> Response:
    """Keep the case after all."""
    case = the_case(reference)
    transfers.cancel(case, actor=signed_in_actor(), seen_version=MoveForm(case).seen, at=now())
    return back(case, _("Le transfert est annulé. Ce dossier est de nouveau à prendre."))


@bp.post("/dossiers/<reference>/accepter")
@requires(Permission.TRANSFER_DECIDE)
@transactional
def accept_offer(reference: str) -> Response:
    """Take over a case that another ministry offers."""
    case = the_case(reference)
    transfers.accept(case, actor=signed_in_actor(), seen_version=MoveForm(case).seen, at=now())
    return back(case, _("Ce dossier est maintenant à votre ministère. Il reste à le prendre."))


@bp.route("/dossiers/<reference>/decliner", methods=["GET", "POST"])
@requires(Permission.TRANSFER_DECIDE)
@transactional
def decline_offer(reference: str) -> Response | tuple[str, int]:
    """Say why the case is not ours either: the coordinator decides."""
    case = the_case(reference)
    form = WordsForm(case)
    if form.sent():
        transfers.decline(case, reason=form.body.data or "", actor=signed_in_actor(), seen_version=form.seen, at=now())
        return back(case, _("Le transfert est refusé. La coordination décide à qui revient ce dossier."))
    offered = possible(case, CaseAction.DECLINE_TRANSFER)
    told = file.to_know(case, file.file(case).entries)
    return render_template("ministry/decline_offer.html", case=case, form=form, possible=offered, to_know=told), sent_status()
