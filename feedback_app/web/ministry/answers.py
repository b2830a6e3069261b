"""The answer: written, looked at, proposed, sent back, published by somebody else."""

from __future__ import annotations

from flask import abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from feedback_app.domain.case import ANSWER_WORKFLOW, DONE, AnswerAction, CaseAction
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import Permission, may
from feedback_app.domain.text import render_official
from feedback_app.models import Answer, CitizenRequest
from feedback_app.services.cases import answers, file
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.ministry import bp
from feedback_app.web.ministry.case import back, possible, sent_status, the_case
from feedback_app.web.ministry.forms import AnswerForm, ReviewForm, SendBackForm, version_of
from feedback_app.web.transaction import transactional


def _corrected(case: CitizenRequest) -> Answer | None:
    """The published answer that the address says is to be corrected."""
    wanted = request.args.get("corrige", "")
    if not wanted:
        return None
    return next((answer for answer in answers.published(case) if str(answer.id) == wanted), None) or abort(404)


def _writable(case: CitizenRequest, in_hand: Answer | None, corrects: Answer | None) -> bool:
    open_ = case.status in DONE if corrects else possible(case, CaseAction.ANSWER)
    return open_ and (in_hand is None or AnswerAction.WRITE in ANSWER_WORKFLOW.actions_from(in_hand.status))


def _save(case: CitizenRequest, form: AnswerForm, corrects: Answer | None) -> str | None:
    """Write or propose, and say so; None where the form only asked to be looked at."""
    seen, actor = form.seen, signed_in_actor()
    match request.form.get("do"):
        case "propose":
            answers.propose(case, form.wording(), corrects=corrects, actor=actor, seen_wording=seen, at=now())
            return _("La réponse est proposée. Une autre personne de votre ministère va la relire et la publier.")
        case "save":
            answers.write(case, form.wording(), corrects=corrects, actor=actor, seen_wording=seen, at=now())
            return _("Le brouillon est enregistré.")
    return None


@bp.route("/dossiers/<reference>/reponse", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def answer(reference: str) -> Response | tuple[str, int]:
    """The editor. What somebody else wrote meanwhile is shown beside what was typed."""
    case, other, status = the_case(reference), None, sent_status()
    in_hand, corrects = answers.in_hand(case), _corrected(case)
    form = AnswerForm(case, in_hand, corrects)
    if form.sent():
        try:
            if done := _save(case, form, corrects):
                return back(case, done)
            status = 200
        except Conflict as conflict:
            other, status, in_hand = conflict.other, 409, answers.in_hand(case)
            form.show(in_hand)
    preview = render_official(form.body.data) if form.body.data and request.form.get("do") == "preview" else None
    entries = file.file(case).entries
    told = {"to_know": file.to_know(case, entries), "spoken": file.exchanged(entries)}
    context = {"case": case, "form": form, "in_hand": in_hand, "corrects": corrects, "other": other, "preview": preview, **told}
    return render_template("ministry/answer.html", possible=_writable(case, in_hand, corrects), **context), status


def _shown(case: CitizenRequest, form: ReviewForm) -> Answer:
    """The answer that the form is about. 404 for one that is not this case's."""
    return answers.find(case, version_of(form.seen_answer.data)) or abort(404)


def _judged(case: CitizenRequest, permission: Permission, action: AnswerAction) -> tuple[Answer | None, bool]:
    """The answer in hand, and whether the person may do this to it now."""
    found = answers.in_hand(case)
    allowed = found is not None and action in ANSWER_WORKFLOW.actions_from(found.status)
    return found, allowed and may(signed_in_actor(), permission, found)


@bp.route("/dossiers/<reference>/reponse/publier", methods=["GET", "POST"])
@requires(Permission.ANSWER_PUBLISH)
@transactional
def publish(reference: str) -> Response | tuple[str, int]:
    """Read it over and publish it."""
    case = the_case(reference)
    found, allowed = _judged(case, Permission.ANSWER_PUBLISH, AnswerAction.PUBLISH)
    form = ReviewForm(found)
    if request.method == "POST":
        answers.publish(_shown(case, form), actor=signed_in_actor(), seen_wording=form.seen, at=now())
        return back(case, _("La réponse est publiée. La personne qui a posé la question est prévenue."))
    return render_template("ministry/publish.html", case=case, form=form, answer=found, possible=allowed), 200


@bp.route("/dossiers/<reference>/reponse/renvoyer", methods=["GET", "POST"])
@requires(Permission.ANSWER_SEND_BACK)
@transactional
def send_back(reference: str) -> Response | tuple[str, int]:
    """Say what has to be done again."""
    case = the_case(reference)
    found, allowed = _judged(case, Permission.ANSWER_SEND_BACK, AnswerAction.SEND_BACK)
    form = SendBackForm(found)
    if form.sent():
        words, shown = form.body.data or "", _shown(case, form)
        answers.send_back(shown, words, actor=signed_in_actor(), seen_wording=form.seen, at=now())
        return back(case, _("La réponse est renvoyée à son auteur, avec vos mots."))
    return render_template("ministry/send_back.html", case=case, form=form, answer=found, possible=allowed), sent_status()
