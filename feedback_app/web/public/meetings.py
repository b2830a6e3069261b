"""Meetings and productions: the list, one of them, its minutes, the calendar, and proposing one."""

from __future__ import annotations

import io

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.utils import send_file
from werkzeug.wrappers import Response as BaseResponse
from wtforms import EmailField

from feedback_app.domain.icalendar import MEDIA_TYPE, Entry, calendar
from feedback_app.domain.text import official_plain
from feedback_app.services import contributions, meeting_lists, meetings, topics
from feedback_app.services.paging import Window
from feedback_app.services.signing import private_token
from feedback_app.web.access import now, public, public_form
from feedback_app.web.closing import contributing
from feedback_app.web.fields import AnonymousForm, EmailAddress, Required, Writable, one_line
from feedback_app.web.language import page_language, without_language
from feedback_app.web.meeting_form import MeetingFields, in_words
from feedback_app.web.public import bp
from feedback_app.web.transaction import small_form, transactional


class ProposalForm(AnonymousForm, MeetingFields):
    """A meeting that anybody with an e-mail address proposes."""

    email = EmailField(
        _l("Votre adresse électronique"),
        filters=[one_line],
        validators=[Writable(), Required(_l("Indiquez votre adresse\u00a0: nous y enverrons le lien de confirmation.")), EmailAddress()],
    )


@bp.get("/rendez-vous/")
@public
def meetings_list() -> str:
    """What is to come, or what was."""
    window, over = Window(request.args.get("apres"), request.args.get("avant")), request.args.get("quand") == "passes"
    page = meeting_lists.past(window, at=now()) if over else meeting_lists.upcoming(window, at=now())
    return render_template("public/meetings_list.html", page=page, over=over)


@bp.get("/rendez-vous/<int:meeting_id>")
@public
def meeting(meeting_id: int) -> str:
    """One of them."""
    found = meeting_lists.one(meeting_id) or abort(404)
    return render_template("public/meeting.html", found=found, over=found.starts_at < now())


@bp.get("/rendez-vous/<int:meeting_id>/compte-rendu")
@public
@without_language
def meeting_file(meeting_id: int) -> BaseResponse:
    """The minutes as they were sent: to be kept, never shown by the browser inside this site."""
    file = meeting_lists.file(meeting_id) or abort(404)
    return send_file(io.BytesIO(file.content), request.environ, mimetype=file.media_type, as_attachment=True, download_name=file.name)


@bp.get("/rendez-vous/calendrier.ics")
@public
@without_language
def meetings_calendar() -> Response:
    """All of them, for a program that keeps calendars."""
    site = current_app.config["SETTINGS"]
    host = site.base_url.split("//", 1)[-1].split("/", 1)[0]
    entries = (
        Entry(
            uid=f"rendez-vous-{version.meeting_id}@{host}",
            changed_at=version.written_at,
            sequence=version.number - 1,
            starts_at=version.starts_at,
            ends_at=version.ends_at,
            title=version.title,
            place=version.place or version.link,
            description=version.description
            if version.description_html is None
            else official_plain(version.description, base=site.base_url),
            url=site.base_url + url_for(".meeting", meeting_id=version.meeting_id),
        )
        for version in meeting_lists.for_calendar()
    )
    answer = make_response(calendar(site.site.name, "-//devoir-de-suite//rendez-vous//FR", entries))
    answer.headers["Content-Type"] = f"{MEDIA_TYPE}; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=rendez-vous.ics"
    return answer


@bp.route("/rendez-vous/proposer", methods=["GET", "POST"])
@public_form
@transactional
@small_form
@contributing
def propose_meeting() -> str | BaseResponse | tuple[str, int]:
    """Propose one."""
    form, earlier = ProposalForm("meeting", at=now(), data=_about()), None
    if form.sent():
        try:
            sent = meetings.propose(
                form.facts(), in_words(form), form.email.data or "", form_key=form.nonce or "", language=page_language(), at=form.at
            )
            return redirect(url_for(".private_page", token=private_token(sent)), 303)
        except contributions.FormAlreadyUsed as used:
            earlier = private_token(used.contribution)
            form.renew_key()
    page = render_template("public/propose_meeting.html", form=form, earlier=earlier)
    return page, 422 if request.method == "POST" else 200


def _about() -> dict[str, str]:
    """The commitment from whose page the person comes."""
    topic = topics.find(request.args.get("sujet", ""))
    return {"about": topic.key} if topic else {}
