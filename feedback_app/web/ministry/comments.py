"""The comments on what a ministry answers for, and its official replies: written, looked at, proposed, published by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import Permission, may
from feedback_app.domain.reply import ReplyAction
from feedback_app.domain.text import render_official
from feedback_app.services import replies, reply_desk
from feedback_app.services.cases import desk, moves
from feedback_app.services.paging import Window
from feedback_app.services.replies import Commented
from feedback_app.services.reply_desk import ReplyTab
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.ministry import bp
from feedback_app.web.ministry.case import sent_status
from feedback_app.web.ministry.desk import the_ministry
from feedback_app.web.ministry.forms import ReplyForm, ReplyWordsForm, WordingForm
from feedback_app.web.transaction import transactional

# Each tab in the address, and its words.
TABS: Mapping[ReplyTab, tuple[str, Any]] = {
    ReplyTab.AWAITING: ("en-attente", _l("Attendent une réponse")),
    ReplyTab.TO_VALIDATE: ("a-valider", _l("À valider")),
    ReplyTab.REPLIED: ("repondus", _l("Répondus")),
    ReplyTab.NOT_NEEDED: ("sans-reponse", _l("Sans réponse nécessaire")),
}
BY_NAME = {name: tab for tab, (name, _words) in TABS.items()}
# Which right each act needs, as the services ask for it.
ACTS = {
    ReplyAction.WRITE: Permission.COMMENT_REPLY,
    ReplyAction.DISMISS: Permission.COMMENT_REPLY,
    ReplyAction.SEND_BACK: Permission.ANSWER_SEND_BACK,
    ReplyAction.PUBLISH: Permission.ANSWER_PUBLISH,
}


def _the_comment(contribution_id: int) -> Commented:
    """The comment of this address. 404 for one that the person may not reply to, as if there were none."""
    found = replies.find(contribution_id)
    if found is None or not may(signed_in_actor(), Permission.COMMENT_REPLY, found):
        abort(404)
    return found


def _possible(found: Commented, action: ReplyAction) -> bool:
    """Whether the person may do this to the reply as it stands now."""
    return action in found.actions() and may(signed_in_actor(), ACTS[action], found)


def _back(found: Commented, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for(".comment", contribution_id=found.comment.id), 303)


@bp.get("/commentaires")
@requires(Permission.COMMENT_REPLY)
def comments() -> str:
    """The comments of one ministry, in tabs."""
    actor, ministries = signed_in_actor(), desk.desks_of(signed_in_actor())
    ministry = the_ministry(ministries)
    counts = reply_desk.counts(ministry.id, actor)
    first = next((tab for tab in ReplyTab if counts[tab]), ReplyTab.AWAITING)
    tab = BY_NAME.get(request.args.get("onglet", ""), first)
    page = reply_desk.tab(tab, ministry.id, actor, Window(request.args.get("apres"), request.args.get("avant")))
    shown = {"ministry": ministry, "ministries": ministries, "tabs": TABS, "tab": tab, "counts": counts, "page": page}
    return render_template("ministry/comments.html", **shown)


@bp.get("/commentaires/<int:contribution_id>")
@requires(Permission.COMMENT_REPLY)
def comment(contribution_id: int) -> str:
    """One comment, the reply as far as it is, what colleagues said, and what can be done now."""
    found = _the_comment(contribution_id)
    notes = [(note, moves.staff_name(note.author_id)) for note in replies.notes(found.reply)] if found.reply else []
    author = moves.staff_name(found.latest.author_id) if found.latest else None
    acts = {action.value for action in ACTS if _possible(found, action)}
    return render_template("ministry/comment.html", found=found, notes=notes, author=author, acts=acts)


def _save(found: Commented, form: ReplyForm) -> str | None:
    """Write or propose, and say so; None where the form only asked to be looked at."""
    source, seen, actor = form.body.data or "", form.seen, signed_in_actor()
    match request.form.get("do"):
        case "propose":
            replies.propose(found.comment, source, actor=actor, seen_wording=seen, at=now())
            return _("La réponse est proposée. Une autre personne de votre ministère va la relire et la publier.")
        case "save":
            replies.write(found.comment, source, actor=actor, seen_wording=seen, at=now())
            return _("Le brouillon est enregistré.")
    return None


@bp.route("/commentaires/<int:contribution_id>/reponse", methods=["GET", "POST"])
@requires(Permission.COMMENT_REPLY)
@transactional
def reply(contribution_id: int) -> Response | tuple[str, int]:
    """The editor. What somebody else wrote meanwhile is shown beside what was typed."""
    found, other, status = _the_comment(contribution_id), None, sent_status()
    form = ReplyForm(found.latest)
    if form.sent():
        try:
            if done := _save(found, form):
                return _back(found, done)
            status = 200
        except Conflict as conflict:
            other, status, found = conflict.other, 409, _the_comment(contribution_id)
            form.show_wording(found.latest)
    preview = render_official(form.body.data) if form.body.data and request.form.get("do") == "preview" else None
    context = {"found": found, "form": form, "other": other, "preview": preview}
    return render_template("ministry/reply.html", possible=_possible(found, ReplyAction.WRITE), **context), status


@bp.route("/commentaires/<int:contribution_id>/reponse/publier", methods=["GET", "POST"])
@requires(Permission.ANSWER_PUBLISH)
@transactional
def publish_reply(contribution_id: int) -> Response | tuple[str, int]:
    """Read it over and publish it."""
    found = _the_comment(contribution_id)
    form = WordingForm(found.latest)
    if request.method == "POST":
        replies.publish(found.comment, actor=signed_in_actor(), seen_wording=form.seen, at=now())
        return _back(found, _("La réponse est publiée sous le commentaire. La personne qui l’a écrit est prévenue."))
    possible = _possible(found, ReplyAction.PUBLISH)
    return render_template("ministry/publish_reply.html", found=found, form=form, possible=possible), 200


@bp.route("/commentaires/<int:contribution_id>/reponse/renvoyer", methods=["GET", "POST"])
@requires(Permission.ANSWER_SEND_BACK)
@transactional
def send_back_reply(contribution_id: int) -> Response | tuple[str, int]:
    """Say what has to be done again."""
    found = _the_comment(contribution_id)
    form = ReplyWordsForm(found.latest)
    if form.sent():
        replies.send_back(found.comment, form.body.data or "", actor=signed_in_actor(), seen_wording=form.seen, at=now())
        return _back(found, _("La réponse est renvoyée à son auteur, avec vos mots."))
    possible = _possible(found, ReplyAction.SEND_BACK)
    return render_template("ministry/send_back_reply.html", found=found, form=form, possible=possible), sent_status()


@bp.route("/commentaires/<int:contribution_id>/sans-reponse", methods=["GET", "POST"])
@requires(Permission.COMMENT_REPLY)
@transactional
def no_reply(contribution_id: int) -> Response | tuple[str, int]:
    """Say why no reply is needed."""
    found = _the_comment(contribution_id)
    form = ReplyWordsForm(found.latest)
    if form.sent():
        replies.dismiss(found.comment, form.body.data or "", actor=signed_in_actor(), seen_wording=form.seen, at=now())
        return _back(found, _("C’est noté\u00a0: ce commentaire n’attend plus de réponse."))
    possible = _possible(found, ReplyAction.DISMISS)
    return render_template("ministry/no_reply.html", found=found, form=form, possible=possible), sent_status()
