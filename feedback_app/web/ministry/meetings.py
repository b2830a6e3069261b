"""Meetings and productions on the desk: written by one, published by another, taken off."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField, HiddenField, SelectChoice, SelectField, TextAreaField, ValidationError

from feedback_app.domain.attachment import LARGEST, Attachment, FileRefused, judge
from feedback_app.domain.errors import Conflict
from feedback_app.domain.meeting import MINUTES_MAX, MeetingStatus
from feedback_app.domain.policy import Permission, Role, may
from feedback_app.models import Meeting, Ministry
from feedback_app.services import meeting_lists, meetings
from feedback_app.services.cases import desk
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.fields import PageForm, Writable, as_typed
from feedback_app.web.labels import label
from feedback_app.web.meeting_form import AtMost, MeetingFields, said
from feedback_app.web.ministry import bp
from feedback_app.web.ministry.case import sent_status
from feedback_app.web.ministry.forms import version_of
from feedback_app.web.presentation import foreign
from feedback_app.web.transaction import file_limit, transactional


class SeenForm(PageForm):
    """A button on the wording that was read."""

    seen_wording = HiddenField()

    @property
    def seen(self) -> int:
        """The wording that the person saw."""
        return version_of(self.seen_wording.data)


class MeetingForm(SeenForm, MeetingFields):
    """What staff say of a meeting."""

    owner = SelectField(_l("Au nom de"), validate_choice=False)
    minutes = TextAreaField(_l("Compte rendu"), filters=[as_typed], validators=[Writable(), AtMost(MINUTES_MAX)])
    file = FileField(_l("Compte rendu en fichier"))
    drop_file = BooleanField(_l("Ne plus montrer le fichier d’avant"))

    def __init__(self, meeting: Meeting | None, owners: Sequence[Ministry | None]) -> None:
        kept = said(meeting.latest) if meeting else {}
        super().__init__(data={**kept, "seen_wording": str(meeting.latest.number) if meeting else "0"})
        self.owners = {one.slug if one else "": one for one in owners}
        attributes = {"lang": lang} if (lang := foreign()) else {}
        named = [SelectChoice(slug, one.name, attributes) if one else SelectChoice(slug, _("Ce site")) for slug, one in self.owners.items()]
        self.owner.choices = named
        self.attachment: Attachment | None = None

    def validate_owner(self, field: SelectField) -> None:
        """One of one's own; what nobody can read is the first."""
        if (field.data or "") not in self.owners:
            field.data = next(iter(self.owners))

    def validate_file(self, _field: FileField) -> None:
        """A PDF or an ODT, judged by what it holds."""
        sent: FileStorage | None = request.files.get("file")
        if sent is None or not sent.filename:
            return
        try:
            self.attachment = judge(sent.filename, sent.stream.read(LARGEST + 1))
        except FileRefused as refused:
            raise ValidationError(label(refused.fault)) from None

    @property
    def ministry(self) -> Ministry | None:
        """In whose name."""
        return self.owners[self.owner.data or ""]


def _owners() -> list[Ministry | None]:
    actor = signed_in_actor()
    site: list[Ministry | None] = [None] if actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR} else []
    return [*desk.ministries_of(actor), *site]


def _the_meeting(meeting_id: int) -> Meeting:
    """404 for one that is not the person's to write. What a citizen proposes is the moderators'."""
    found = meetings.find(meeting_id)
    if found is None or not may(signed_in_actor(), Permission.MEETING_WRITE, found):
        abort(404)
    return found


def _back(meeting: Meeting, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for(".prepared_meeting", meeting_id=meeting.id), 303)


@bp.get("/rendez-vous")
@requires(Permission.MEETING_WRITE)
def prepared_meetings() -> str:
    """What the person may write or publish."""
    page = meeting_lists.prepared(signed_in_actor(), Window(request.args.get("apres"), request.args.get("avant")))
    return render_template("ministry/prepared_meetings.html", page=page)


@bp.get("/rendez-vous/<int:meeting_id>")
@requires(Permission.MEETING_WITHDRAW)
def prepared_meeting(meeting_id: int) -> str:
    """One of them, as it would be read."""
    found, actor = _the_meeting(meeting_id), signed_in_actor()
    waits = found.published_number != found.latest.number
    return render_template(
        "ministry/prepared_meeting.html",
        meeting=found,
        may_publish=waits and found.status.value != "withdrawn" and may(actor, Permission.MEETING_PUBLISH, found),
        may_write=found.status.value in ("prepared", "published") and may(actor, Permission.MEETING_WRITE, found),
        may_withdraw=found.status.value != "withdrawn" and may(actor, Permission.MEETING_WITHDRAW, found),
        waits=waits,
    )


@bp.route("/rendez-vous/nouveau", methods=["GET", "POST"])
@requires(Permission.MEETING_WRITE)
@file_limit(LARGEST)
@transactional
def new_meeting() -> Response | tuple[str, int]:
    """Write one."""
    form = MeetingForm(None, _owners())
    if form.sent():
        made = meetings.write(
            None,
            form.facts(form.minutes.data or ""),
            ministry=form.ministry,
            file=form.attachment,
            actor=signed_in_actor(),
            seen_wording=0,
            at=now(),
        )
        return _back(made, _("C’est enregistré. Une autre personne va relire et publier."))
    return render_template("ministry/new_meeting.html", form=form), sent_status()


@bp.route("/rendez-vous/<int:meeting_id>/modifier", methods=["GET", "POST"])
@requires(Permission.MEETING_WRITE)
@file_limit(LARGEST)
@transactional
def edit_meeting(meeting_id: int) -> Response | tuple[str, int]:
    """Write it again: its minutes, a new date. What is public stays until somebody else has published this."""
    found, other, status = _the_meeting(meeting_id), None, sent_status()
    form = MeetingForm(found, [found.ministry])
    if form.sent():
        try:
            facts, file, keep = form.facts(form.minutes.data or ""), form.attachment, not form.drop_file.data
            actor, seen = signed_in_actor(), form.seen
            meetings.write(found, facts, ministry=found.ministry, file=file, keep_file=keep, actor=actor, seen_wording=seen, at=now())
            return _back(found, _("C’est enregistré. Une autre personne va relire et publier."))
        except Conflict as conflict:
            other, status = conflict.other, 409
            form.seen_wording.data = str(found.latest.number)
    return render_template("ministry/edit_meeting.html", meeting=found, form=form, other=other), status


@bp.post("/rendez-vous/<int:meeting_id>/publier")
@requires(Permission.MEETING_PUBLISH)
@transactional
def publish_meeting(meeting_id: int) -> Response:
    """Publish what was read."""
    found = _the_meeting(meeting_id)
    meetings.publish(found, actor=signed_in_actor(), seen_wording=SeenForm().seen, at=now())
    return _back(found, _("C’est publié."))


@bp.route("/rendez-vous/<int:meeting_id>/retirer", methods=["GET", "POST"])
@requires(Permission.MEETING_WITHDRAW)
@transactional
def withdraw_meeting(meeting_id: int) -> str | Response:
    """Ask once more, for it does not come back, then take it off."""
    found = _the_meeting(meeting_id)
    if PageForm().sent():
        meetings.withdraw(found, actor=signed_in_actor(), at=now())
    elif found.status is not MeetingStatus.WITHDRAWN:
        return render_template("ministry/withdraw_meeting.html", meeting=found)
    return _back(found, _("C’est retiré\u00a0: plus aucune page, aucun fichier, aucun calendrier ne le montre."))
