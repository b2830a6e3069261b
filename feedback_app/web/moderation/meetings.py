"""Meetings that citizens proposed and that are public: a moderator takes one off the site, with a ground and facts."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField, TextAreaField, ValidationError

from feedback_app.domain.contribution import FACTS_MAX, FACTS_MIN, ContributionStatus, Ground
from feedback_app.domain.policy import Permission
from feedback_app.services import meeting_lists, moderation
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.fields import LengthBetween, PageForm, Writable, as_typed
from feedback_app.web.labels import LABELS
from feedback_app.web.moderation import bp
from feedback_app.web.transaction import transactional


class TakeOffForm(PageForm):
    """Why; both are needed."""

    ground = SelectField(
        _l("Motif du retrait"),
        choices=[SelectChoice("", _l("Choisissez un motif")), *(SelectChoice(one.value, words) for one, words in LABELS[Ground].items())],
        validate_choice=False,
    )
    facts = TextAreaField(
        _l("Ce qui justifie le retrait"), filters=[as_typed], validators=[Writable(), LengthBetween(FACTS_MIN, FACTS_MAX)]
    )

    def validate_ground(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in set(Ground):
            raise ValidationError(_("Choisissez le motif du retrait."))


@bp.get("/rendez-vous")
@requires(Permission.TEXT_MODERATE)
def proposed_meetings() -> str:
    """The public ones that citizens proposed, the latest day first."""
    page = meeting_lists.proposed(Window(request.args.get("apres"), request.args.get("avant")))
    return render_template("moderation/proposed_meetings.html", page=page)


@bp.route("/rendez-vous/<int:proposal_id>/retirer", methods=["GET", "POST"])
@requires(Permission.TEXT_MODERATE)
@transactional
def take_off(proposal_id: int) -> str | Response | tuple[str, int]:
    """Take one off, after one question. ``proposal_id``: of the text that proposed it."""
    contribution = moderation.proposal(proposal_id) or abort(404)
    form = TakeOffForm()
    if form.sent():
        ground, facts = Ground(form.ground.data), form.facts.data or ""
        moderation.take_off(contribution, moderator=signed_in_actor(), ground=ground, facts=facts, at=now())
        flash(_("C’est retiré\u00a0: plus aucune page, aucun calendrier ne le montre. L’auteur est prévenu par courriel."), "success")
        return redirect(url_for(".proposed_meetings"), 303)
    if contribution.status is not ContributionStatus.PUBLISHED:
        return redirect(url_for(".review", version_id=contribution.current_version_id), 303)
    page = render_template("moderation/take_off.html", contribution=contribution, version=contribution.current_version, form=form)
    return page, 422 if request.method == "POST" else 200
