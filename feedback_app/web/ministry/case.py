"""One case: what the citizen asks, how much time is left, what happened, and what can be done now."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from feedback_app.domain.case import AWAITING_ANSWER, CASE_WORKFLOW, DONE, CaseAction, Promise
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Permission, may
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import CitizenRequest
from feedback_app.services.cases import clock, conversation, desk, extending, figure, file, published, reading, same_question
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.ministry import bp
from feedback_app.web.ministry.forms import NoteForm
from feedback_app.web.transaction import transactional

# Which right each move of a case needs, as the services ask for it.
MOVES: dict[CaseAction, Permission] = {
    CaseAction.TAKE: Permission.CASE_WORK,
    CaseAction.RELEASE: Permission.CASE_WORK,
    CaseAction.HAND_OVER: Permission.CASE_WORK,
    CaseAction.ASK_CITIZEN: Permission.CASE_WORK,
    CaseAction.TAKE_BACK: Permission.CASE_WORK,
    CaseAction.EXTEND: Permission.CASE_WORK,
    CaseAction.OFFER_TRANSFER: Permission.CASE_WORK,
    CaseAction.CANCEL_TRANSFER: Permission.CASE_WORK,
    CaseAction.ACCEPT_TRANSFER: Permission.TRANSFER_DECIDE,
    CaseAction.DECLINE_TRANSFER: Permission.TRANSFER_DECIDE,
    CaseAction.ANSWER: Permission.CASE_WORK,
    CaseAction.ROUTE: Permission.CASE_ROUTE,
}


def the_case(reference: str) -> CitizenRequest:
    """The case of this reference. 404 for one that the person may not read, as if there were none."""
    found = reading.by_reference(reference)
    if found is None or not may(signed_in_actor(), Permission.CASE_READ, found):
        abort(404)
    return found


def possible(case: CitizenRequest, action: CaseAction) -> bool:
    """Whether the person may do this to the case as it stands now."""
    return _now_possible(case, action) and may(signed_in_actor(), MOVES[action], case)


def _now_possible(case: CitizenRequest, action: CaseAction) -> bool:
    """Whether anybody may."""
    if action is CaseAction.EXTEND and not extending.may_extend(case):
        return False
    return action in CASE_WORKFLOW.actions_from(case.status)


def back(case: CitizenRequest, done: str) -> Response:
    """To the page of the case, which says what was done. To the desk, when the case is no longer ours to read."""
    flash(done, "success")
    if may(signed_in_actor(), Permission.CASE_READ, case):
        return redirect(url_for("ministry.case", reference=case.reference), 303)
    return redirect(url_for("ministry.desk"), 303)


def sent_status() -> int:
    """200 for a page that was asked for, 422 for a form that comes back."""
    return 422 if request.method == "POST" else 200


def _alike(case: CitizenRequest) -> list[desk.Line]:
    """Requests that were answered and resemble this one: they help to answer it, as long as an answer is owed."""
    version = case.contribution.current_version
    return published.answered_before(case, version.body) if version and case.status in AWAITING_ANSWER else []


@bp.get("/dossiers/<reference>")
@requires(Permission.CASE_READ)
def case(reference: str) -> str:
    """The whole case."""
    found, actor, at = the_case(reference), signed_in_actor(), now()
    whole, held = file.file(found), {permission for permission in {*MOVES.values()} if may(actor, permission, found)}
    in_hand = whole.in_hand if held & {Permission.CASE_WORK, Permission.CASE_ROUTE} else None
    corrigible = found.status in DONE and Permission.CASE_WORK in held and not in_hand
    return render_template(
        "ministry/case.html",
        case=found,
        contribution=found.contribution,
        place=TERRITORIES.get(found.territory or ""),
        figure=figure.asked(found),
        revision=figure.revision(found.topic_id, figure.of_request(found)),
        me_too=same_question.count(found),
        published=found.contribution.status is ContributionStatus.PUBLISHED,
        actions={action.value for action, permission in MOVES.items() if permission in held and _now_possible(found, action)},
        alike=_alike(found),
        assignee=whole.assignee,
        entries=whole.entries,
        to_know=file.to_know(found, whole.entries),
        in_hand=in_hand,
        corrected_at=url_for(".answer", reference=reference, corrige="") if corrigible else None,
        delay=clock.delay(found),
        legal=clock.promise(found) is Promise.LEGAL_MONTH,
        me=actor.identity_id,
        at=at,
    )


@bp.route("/dossiers/<reference>/note", methods=["GET", "POST"])
@requires(Permission.CASE_READ)
@transactional
def note(reference: str) -> Response | tuple[str, int]:
    """Leave a note for colleagues."""
    found, form = the_case(reference), NoteForm()
    if form.sent():
        conversation.note(found, form.body.data or "", actor=signed_in_actor(), at=now())
        return back(found, _("Note ajoutée. Elle n’est jamais publiée."))
    return render_template("ministry/note.html", case=found, form=form), sent_status()
