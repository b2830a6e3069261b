"""The commitments on the desk of a ministry: what waits, the update of one, its review by somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import UPDATE_WORKFLOW, UpdateAction
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import Permission, may, may_ever
from feedback_app.models import Commitment, ProgressUpdate
from feedback_app.services import commitments as query
from feedback_app.services.cases.desk import Desk, desks_of
from feedback_app.services.paging import Window
from feedback_app.services.progress import charge, desk, reading, updates
from feedback_app.services.progress.desk import Tab
from feedback_app.services.progress.preview import preview
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.ministry import bp
from feedback_app.web.ministry.case import sent_status
from feedback_app.web.ministry.forms import ReviewForm, SendBackForm, version_of
from feedback_app.web.ministry.progress_forms import UpdateForm
from feedback_app.web.transaction import transactional

# Each tab in the address, and its words.
TABS: Mapping[Tab, tuple[str, Any]] = {
    Tab.TO_REVIEW: ("a-relire", _l("À relire")),
    Tab.DRAFTS: ("brouillons", _l("Brouillons")),
    Tab.SILENT: ("sans-nouvelles", _l("Sans nouvelles depuis trois mois")),
    Tab.LATE: ("en-retard", _l("En retard")),
    Tab.ALL: ("tous", _l("Tous")),
}
BY_NAME = {name: tab for tab, (name, _words) in TABS.items()}


def _ministry(ministries: Sequence[Desk]) -> Desk:
    slug = request.args.get("ministere")
    found = ministries[0] if not slug and ministries else next((one for one in ministries if one.slug == slug), None)
    return found or abort(404)


@bp.get("/engagements/")
@requires(Permission.PROGRESS_WRITE)
def commitments() -> str:
    """What waits for the ministry: what to review, where it was silent or late, and all of its commitments."""
    actor, at = signed_in_actor(), now()
    ministries = desks_of(actor)
    ministry = _ministry(ministries)
    counts = desk.counts(ministry.id, actor, at=at)
    own = [tab for tab in Tab if tab is not Tab.TO_REVIEW or may_ever(actor, Permission.PROGRESS_PUBLISH)]  # there is something to do in
    tab = BY_NAME.get(request.args.get("onglet", "")) or next((tab for tab in own if counts[tab]), Tab.ALL)
    page = desk.tab(tab, ministry.id, actor, Window(request.args.get("apres"), request.args.get("avant")), at=at)
    context = {"ministry": ministry, "ministries": ministries, "tabs": TABS, "tab": tab, "counts": counts, "page": page}
    return render_template("ministry/commitments.html", **context, today=day_of(at))


def _the_commitment(plan: str, number: int) -> Commitment:
    """The one of this address. 404 for one that the person does not follow, as if there were none."""
    found = query.find(plan, number) if number < 10**9 else None
    if found is None or not may(signed_in_actor(), Permission.PROGRESS_WRITE, charge.of(found)):
        abort(404)
    return found


def _back(done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("ministry.commitments"), 303)


def _save(commitment: Commitment, form: UpdateForm) -> str | None:
    """Write or propose, and say so; None where the form only asked to be looked at."""
    actor, at = signed_in_actor(), now()
    match request.form.get("do"):
        case "propose":
            updates.propose(commitment, form.said(), actor=actor, seen=form.seen, at=at)
            return _("Le point d’avancement est proposé. Une autre personne de votre ministère va le relire et le publier.")
        case "save":
            updates.write(commitment, form.said(), actor=actor, seen=form.seen, at=at)
            return _("Le brouillon est enregistré.")
    return None


@bp.route("/engagements/<plan>/<int:number>", methods=["GET", "POST"])
@requires(Permission.PROGRESS_WRITE)
@transactional
def progress(plan: str, number: int) -> Response | tuple[str, int]:
    """The editor. What somebody else wrote meanwhile is shown beside what was typed."""
    commitment, other, status = _the_commitment(plan, number), None, sent_status()
    in_hand = updates.in_hand(commitment)
    form = UpdateForm(commitment, in_hand)
    if form.sent():
        try:
            if done := _save(commitment, form):
                return _back(done)
            status = 200
        except Conflict as conflict:
            other, status, in_hand = conflict.other, 409, updates.in_hand(commitment)
            form.show(in_hand)
    looked = preview(commitment, form.said()) if status == 200 and request.form.get("do") == "preview" else None
    writable = in_hand is None or UpdateAction.WRITE in UPDATE_WORKFLOW.actions_from(in_hand.status)
    context = {"commitment": commitment, "form": form, "in_hand": in_hand, "other": other, "preview": looked, "writable": writable}
    return render_template(
        "ministry/progress.html", **context, standing=reading.standing(commitment, reading.said(commitment), today=day_of(now()))
    ), status


def _shown(commitment: Commitment, form: ReviewForm) -> ProgressUpdate:
    return updates.find(commitment, version_of(form.seen_answer.data)) or abort(404)


def _judged(commitment: Commitment, permission: Permission, action: UpdateAction) -> tuple[ProgressUpdate | None, bool]:
    """The update in hand, and whether the person may do this to it now."""
    found = updates.in_hand(commitment)
    allowed = found is not None and action in UPDATE_WORKFLOW.actions_from(found.status)
    return found, allowed and may(signed_in_actor(), permission, found)


@bp.route("/engagements/<plan>/<int:number>/publier", methods=["GET", "POST"])
@requires(Permission.PROGRESS_PUBLISH)
@transactional
def publish_progress(plan: str, number: int) -> Response | tuple[str, int]:
    """Read it over and publish it: the statuses move in the same act."""
    commitment = _the_commitment(plan, number)
    found, allowed = _judged(commitment, Permission.PROGRESS_PUBLISH, UpdateAction.PUBLISH)
    form = ReviewForm(found)
    if request.method == "POST":
        updates.publish(_shown(commitment, form), actor=signed_in_actor(), seen_wording=form.seen, at=now())
        return _back(_("Le point d’avancement est publié."))
    return render_template("ministry/publish_progress.html", commitment=commitment, form=form, update=found, possible=allowed), 200


@bp.route("/engagements/<plan>/<int:number>/renvoyer", methods=["GET", "POST"])
@requires(Permission.PROGRESS_SEND_BACK)
@transactional
def send_back_progress(plan: str, number: int) -> Response | tuple[str, int]:
    """Say what has to be done again."""
    commitment = _the_commitment(plan, number)
    found, allowed = _judged(commitment, Permission.PROGRESS_SEND_BACK, UpdateAction.SEND_BACK)
    form = SendBackForm(found)
    if form.sent():
        words, update = form.body.data or "", _shown(commitment, form)
        updates.send_back(update, words, actor=signed_in_actor(), seen_wording=form.seen, at=now())
        return _back(_("Le point d’avancement est renvoyé à son auteur, avec vos mots."))
    context = {"commitment": commitment, "form": form, "update": found, "possible": allowed}
    return render_template("ministry/send_back_progress.html", **context), sent_status()
