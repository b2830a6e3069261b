"""A plan file: sent, its differences read by a person, applied with a public reason or given up."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField, HiddenField, ValidationError

from feedback_app.domain.commitment import PLAN_UPLOAD_WORKFLOW, PlanUploadAction
from feedback_app.domain.policy import Permission
from feedback_app.models import PlanUpload
from feedback_app.services import plan_overview
from feedback_app.services import plan_uploads as service
from feedback_app.services.plan_differences import Differences
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.barometers import LARGEST_ID
from feedback_app.web.admin.forms import public_reason
from feedback_app.web.fields import PageForm
from feedback_app.web.transaction import file_limit, record_refusal, transactional


class SendPlanForm(PageForm):
    """A plan file."""

    file = FileField(
        _l("Fichier du plan"),
        description=_l("Un fichier JSON au format décrit par la documentation, de 1\u00a0Mo et 200 engagements au plus."),
    )

    def __init__(self) -> None:
        super().__init__()
        self.refused: service.FileRefused | None = None

    def validate_file(self, field: FileField) -> None:
        """A file, not larger than one that is read here."""
        sent = request.files.get(field.name)
        if sent is None or not sent.filename:
            raise ValidationError(_("Choisissez un fichier."))
        with sent.stream as stream:
            self.content = stream.read(service.MAX_BYTES + 1)
        if len(self.content) > service.MAX_BYTES:
            raise ValidationError(_("Ce fichier dépasse 1\u00a0Mo. La commande «\u00a0flask plan import\u00a0» en accepte de plus grands."))

    def attempt(self) -> tuple[bool, PlanUpload | None]:
        """Hand it over: whether it was accepted, and what is kept of it. Every problem in it is said on the page."""
        try:
            return True, service.receive(self.content, administrator=signed_in_actor(), at=now())
        except service.FileRefused as refused:
            self.refused = refused
            self.form_errors.append(_("Ce fichier est refusé, rien n’a changé. Corrigez-le, puis envoyez-le de nouveau."))
        return False, None


class ApplyForm(PageForm):
    """Why what is known changes. ``seen``: the differences that the page showed."""

    seen = HiddenField()
    reason = public_reason(
        _l("Pourquoi ces textes changent"),
        _l("Tout le monde lira ce motif, avec l’ancien texte et le nouveau, sur la page de ce qui change."),
    )

    def __init__(self, differences: Differences) -> None:
        super().__init__()
        self.overtaken = False
        if request.method != "POST":
            self.seen.data = differences.digest
        if not differences.explained:
            del self.reason

    @property
    def why(self) -> str:
        """The reason; nothing where nobody would read it."""
        return (self.reason.data or "") if "reason" in self else ""

    def attempt(self, upload: PlanUpload) -> bool:
        """Apply it. Where it would change other things by now these are shown, and the reason stays."""
        try:
            service.apply(upload, reason=self.why, seen=self.seen.data or "", administrator=signed_in_actor(), at=now())
        except service.PlanMoved:
            self.overtaken = True
            self.seen.data = service.differences(upload).digest
            self.form_errors.append(
                _(
                    "Le plan a changé depuis que vous avez lu cette comparaison. Rien n’est appliqué\u00a0:"
                    " relisez la nouvelle, votre motif est gardé."
                )
            )
            record_refusal()
        return not self.overtaken

    @property
    def status(self) -> int:
        return 409 if self.overtaken else 422 if self.errors else 200


def _upload(upload_id: int) -> PlanUpload:
    return service.find(upload_id if upload_id <= LARGEST_ID else 0) or abort(404)


@bp.route("/plans/envoi", methods=["GET", "POST"])
@requires(Permission.PLAN_MANAGE)
@file_limit(service.MAX_BYTES)
@transactional
def send_plan() -> Any:
    """Send a plan file: it is read, checked and compared, and nothing is applied."""
    form = SendPlanForm()
    if form.sent():
        accepted, upload = form.attempt()
        if upload:
            return redirect(url_for(".plan_upload", plan_upload_id=upload.id), 303)
        if accepted:
            flash(_("Aucun changement\u00a0: ce fichier dit ce que le site dit déjà."), "info")
            return redirect(url_for(".plans"), 303)
    return render_template("admin/send_plan.html", form=form), 422 if form.errors else 200


@bp.route("/plans/envois/<int:plan_upload_id>", methods=["GET", "POST"])
@requires(Permission.PLAN_MANAGE)
@transactional
def plan_upload(plan_upload_id: int) -> Any:
    """What a file changes; apply it."""
    upload = _upload(plan_upload_id)
    form = ApplyForm(service.differences(upload))
    if form.sent() and form.attempt(upload):
        flash(_("Le fichier est appliqué."), "success")
        return redirect(url_for(".plan", plan=upload.slug), 303)
    differences = service.differences(upload)
    context = {"upload": upload, "form": form, "differences": differences, "plan": plan_overview.find(upload.slug)}
    waits = PlanUploadAction.APPLY in PLAN_UPLOAD_WORKFLOW.actions_from(upload.status)
    return render_template("admin/plan_upload.html", **context, waits=waits, until=upload.compared_at + service.KEPT_FOR), form.status


@bp.post("/plans/envois/<int:plan_upload_id>/abandon")
@requires(Permission.PLAN_MANAGE)
@transactional
def discard_plan(plan_upload_id: int) -> Response:
    """Give it up."""
    service.discard(_upload(plan_upload_id), administrator=signed_in_actor(), at=now())
    flash(_("Le fichier est abandonné, rien n’a changé."), "success")
    return redirect(url_for(".plans"), 303)
