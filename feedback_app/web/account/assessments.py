"""Counter-assessments, for those who write them in the name of a recognised organisation."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField, ValidationError

from feedback_app.domain import addresses
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.contribution import BODY_MAX, BODY_MIN
from feedback_app.domain.policy import Permission
from feedback_app.models import Contribution, Organisation, Topic
from feedback_app.services import assessments, commitments, contributions, topics
from feedback_app.services.signing import private_token
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.account import bp
from feedback_app.web.closing import contributing
from feedback_app.web.fields import AnonymousForm, LengthBetween, Required, Writable, as_typed
from feedback_app.web.labels import LABELS
from feedback_app.web.language import page_language
from feedback_app.web.transaction import transactional


class AssessmentForm(AnonymousForm):
    """Where a commitment stands, and why. It carries the key of a form too: sent twice, it makes one text."""

    organisation = SelectField(_l("Au nom de"), validate_choice=False)
    stands = RadioField(
        _l("Où en est cet engagement, selon votre organisation"),
        choices=[SelectChoice(status.value, words) for status, words in LABELS[CommitmentStatus].items()],
        validate_choice=False,
    )
    body = TextAreaField(
        _l("Votre évaluation"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez votre évaluation.")), LengthBetween(BODY_MIN, BODY_MAX)],
    )

    def __init__(self, topic: Topic, mine: Sequence[Organisation]) -> None:
        super().__init__(f"assessment:{topic.key}", at=now())
        self.mine = {str(one.id): one for one in mine}
        self.organisation.choices = [SelectChoice(str(one.id), one.name) for one in mine]

    def validate_organisation(self, field: SelectField) -> None:
        """One of one's own."""
        if field.data not in self.mine:
            raise ValidationError(_("Choisissez une de vos organisations."))

    def validate_stands(self, field: RadioField) -> None:
        """One of the list."""
        if field.data not in set(CommitmentStatus):
            field.errors = []
            raise ValidationError(_("Choisissez où en est l’engagement."))

    def submit(self, topic: Topic) -> Contribution:
        """Send what is right to the moderators."""
        return assessments.submit(
            topic,
            self.mine[self.organisation.data],
            CommitmentStatus(self.stands.data),
            self.body.data or "",
            form_key=self.nonce or "",
            language=page_language(),
            actor=signed_in_actor(),
            at=self.at,
        )


@bp.get("/evaluations")
@requires(Permission.ASSESSMENT_WRITE)
def list_assessments() -> str:
    """What was sent in the name of one's organisations, and the way to a new one."""
    mine = assessments.organisations_of(signed_in_actor())
    plans = [(plan, commitments.titles(plan)) for plan in commitments.plans()] if mine else []
    sent = [(one, private_token(one.contribution)) for one in assessments.of_organisations(mine)]
    return render_template("account/list_assessments.html", mine=mine, sent=sent, plans=plans, me=signed_in_actor().identity_id)


@bp.route("/evaluations/<plan>/<int:number>", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_WRITE)
@transactional
@contributing
def assess(plan: str, number: int) -> str | Response | tuple[str, int]:
    """Assess one commitment."""
    topic = topics.find(addresses.commitment_key(plan, number)) or abort(404)
    form, earlier = AssessmentForm(topic, assessments.organisations_of(signed_in_actor())), None
    if form.sent():
        try:
            sent = form.submit(topic)
            return redirect(url_for("public.private_page", token=private_token(sent)), 303)
        except contributions.FormAlreadyUsed as used:
            earlier = private_token(used.contribution)
            form.renew_key()
    page = render_template("account/assess.html", topic=topic, form=form, earlier=earlier)
    return page, 422 if request.method == "POST" else 200
