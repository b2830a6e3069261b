"""What waits to be read, and the decision on one text."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField, ValidationError

from feedback_app.domain.case import REQUEST_KINDS, Promise
from feedback_app.domain.contribution import FACTS_MAX, FACTS_MIN, MODERATOR_ACTIONS, ContributionKind, Ground, TextAction
from feedback_app.domain.policy import Permission
from feedback_app.models import Contribution
from feedback_app.services import assessments, moderation
from feedback_app.services.cases import clock, reading
from feedback_app.services.paging import Window
from feedback_app.services.privacy import reveal
from feedback_app.web.access import can, now, requires, signed_in_actor
from feedback_app.web.fields import LengthBetween, PageForm, Writable, as_typed
from feedback_app.web.labels import LABELS, label
from feedback_app.web.moderation import bp
from feedback_app.web.presentation import ages
from feedback_app.web.transaction import transactional

QUEUE_SIZE = 100
OF_A_CASE = REQUEST_KINDS | {ContributionKind.REPLY, ContributionKind.REOPENING}


class DecisionForm(PageForm):
    """A decision: to refuse, a ground and facts are needed."""

    action = RadioField(
        _l("Votre décision"),
        choices=[SelectChoice(action.value, LABELS[TextAction][action]) for action in MODERATOR_ACTIONS],
    )
    ground = SelectField(
        _l("Motif du refus"),
        choices=[
            SelectChoice("", _l("Choisissez un motif")),
            *(SelectChoice(ground.value, words) for ground, words in LABELS[Ground].items()),
        ],
        validate_choice=False,
    )
    facts = TextAreaField(_l("Ce qui, dans ce texte, justifie le refus"), filters=[as_typed], validators=[Writable()])

    def validate_action(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in {action.value for action in MODERATOR_ACTIONS}:
            field.errors = []
            raise ValidationError(_("Choisissez de publier ou de ne pas publier."))

    def validate_ground(self, field: SelectField) -> None:
        """Needed to refuse."""
        if self.rejects and field.data not in set(Ground):
            raise ValidationError(_("Choisissez le motif du refus."))

    def validate_facts(self, field: TextAreaField) -> None:
        """Needed to refuse."""
        if self.rejects:
            LengthBetween(FACTS_MIN, FACTS_MAX)(self, field)

    @property
    def rejects(self) -> bool:
        """Whether the choice is to refuse."""
        return bool(self.action.data == TextAction.REJECT.value)


@bp.get("/")
@requires(Permission.TEXT_MODERATE)
def queue() -> str:
    """The texts that wait, the oldest first."""
    window = Window(request.args.get("apres"), request.args.get("avant"), QUEUE_SIZE)
    page = moderation.waiting_texts(signed_in_actor(), window)
    since = ages(text.submitted_at for text in page.items)
    return render_template("moderation/queue.html", page=page, since=since, total=moderation.waiting_count())


def _case(contribution: Contribution) -> dict[str, Any]:
    """The request that the text is, or is said in, and whether the month of the law runs for it already."""
    asked = reading.of_contribution(contribution) if contribution.kind in OF_A_CASE else None
    return {"asked": asked, "legal": asked is not None and clock.promise(asked) is Promise.LEGAL_MONTH}


@bp.route("/textes/<int:version_id>", methods=["GET", "POST"])
@requires(Permission.TEXT_MODERATE)
@transactional
def review(version_id: int) -> str | Response | tuple[str, int]:
    """Read one text and decide."""
    version = moderation.reviewable(version_id) or abort(404)
    form = DecisionForm()
    if form.sent():
        ground = Ground(form.ground.data) if form.rejects else None
        facts = form.facts.data if form.rejects else None
        moderation.decide(version, TextAction(form.action.data), moderator=signed_in_actor(), ground=ground, facts=facts, at=now())
        done = label(TextAction(form.action.data))
        flash(_("Décision enregistrée\u00a0: %(decision)s. L’auteur est prévenu par courriel.", decision=done), "success")
        return redirect(url_for(".queue"), 303)
    decision = moderation.decision_on(version)
    author = version.contribution.identity_id
    page = render_template(
        "moderation/review.html",
        version=version,
        form=form,
        decision=decision,
        decided_by=moderation.moderator_name(decision) if decision else None,
        before=moderation.public_text_before(version),
        withdrawn=moderation.withdrawn(version),
        assessment=assessments.of_contribution(version.contribution),
        **_case(version.contribution),
        address=reveal.masked(author) if can(Permission.ADDRESS_REVEAL) else None,
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/textes/<int:version_id>/adresse")
@requires(Permission.ADDRESS_REVEAL)
@transactional
def show_address(version_id: int) -> str:
    """The author's whole address, on record. Only ever the answer to a button: no link, no history, no reload shows it again."""
    version = moderation.reviewable(version_id) or abort(404)
    identity = version.contribution.identity or abort(404)
    address = reveal.reveal(identity, actor=signed_in_actor(), at=now(), machine=request.remote_addr)
    return render_template("moderation/show_address.html", version=version, address=address)
