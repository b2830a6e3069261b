"""The editor of a progress update: four texts, one question, and for the commitment and each milestone a move, evidence, a criterion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField, ValidationError

from feedback_app.domain.case import OFFICIAL_MAX, WORDS_MAX
from feedback_app.domain.commitment import COMMITMENT_WORKFLOW, UNFINISHED, BlockKind, CommitmentAction, Confidence
from feedback_app.domain.links import is_web_address
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Commitment, Milestone, ProgressStep, ProgressUpdate
from feedback_app.services import commitments
from feedback_app.services.progress import wording
from feedback_app.services.progress.updates import Seen
from feedback_app.services.progress.wording import Fault, Step, Wording
from feedback_app.web import kept as kept_before
from feedback_app.web.commitment_labels import COMMITMENT_LABELS
from feedback_app.web.fields import LengthBetween, PageForm, Writable, as_typed, one_line
from feedback_app.web.labels import label
from feedback_app.web.ministry.forms import version_of

_OURS = re.compile(r"(?:https?://[^/]+)?(?:/en)?/engagements/([a-z0-9-]+)/([0-9]{1,4})/?")


def _text(kind: BlockKind, hint: object) -> TextAreaField:
    words = COMMITMENT_LABELS[BlockKind][kind]
    return TextAreaField(words, description=hint, filters=[as_typed], validators=[Writable(), LengthBetween(0, OFFICIAL_MAX)])


class StepForm(Form):
    """What is said of the commitment, or of one milestone. A move that is not possible is refused in words."""

    action = SelectField(_l("Changement de statut"), validate_choice=False)
    evidence = TextAreaField(_l("Liens de preuve, un par ligne"), filters=[as_typed], validators=[Writable(), LengthBetween(0, WORDS_MAX)])
    criterion = StringField(
        _l("Critère mesurable\u00a0: on saura que c’est atteint quand…"),
        filters=[one_line],
        validators=[Writable(), LengthBetween(0, WORDS_MAX)],
    )
    into = StringField(_l("Adresse de l’engagement qui le reprend"), filters=[one_line], validators=[Writable()])

    def __init__(self, thing: Commitment | Milestone, step: ProgressStep | None, *, values: Any, prefix: str) -> None:
        self.thing, self.into_id = thing, step.into_id if step else None
        kept: dict[str, Any] = {"criterion": (step.criterion if step else None) or getattr(thing, "criterion", None) or ""}
        if step:
            kept |= {"action": step.action.value if step.action else "", "evidence": "\n".join(step.evidence)}
            kept["into"] = f"/engagements/{step.into.plan.slug}/{step.into.number}" if step.into else ""
        super().__init__(values, prefix=prefix, data=kept)
        stay = SelectChoice("", _("Rester «\u00a0%(status)s\u00a0»", status=label(thing.status)))
        self.action.choices = [stay, *(SelectChoice(one.value, label(one)) for one in COMMITMENT_WORKFLOW.actions_from(thing.status))]

    @property
    def chosen(self) -> CommitmentAction | None:
        """The move; None where it stays."""
        return CommitmentAction(self.action.data) if self.action.data in set(CommitmentAction) else None

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses, without empty lines."""
        return tuple(dict.fromkeys(line.strip() for line in (self.evidence.data or "").splitlines() if line.strip()))

    def validate_action(self, field: SelectField) -> None:
        """One that the status allows."""
        if field.data and (self.chosen not in COMMITMENT_WORKFLOW.actions_from(self.thing.status)):
            words = _(
                "Ce changement n’est pas possible depuis «\u00a0%(status)s\u00a0». Votre texte est gardé.", status=label(self.thing.status)
            )
            raise ValidationError(words)

    def validate_evidence(self, _field: TextAreaField) -> None:
        """http or https; at least one to say that it is done."""
        if not all(is_web_address(address) for address in self.links):
            raise ValidationError(label(Fault.NO_WEB_ADDRESS))
        if self.chosen is CommitmentAction.COMPLETE and not self.links:
            raise ValidationError(label(Fault.NO_EVIDENCE))

    def validate_into(self, field: StringField) -> None:
        """The page of a commitment of ours; needed where another plan takes it over."""
        if self.chosen is not CommitmentAction.CARRY_OVER:
            return
        found = _OURS.fullmatch(field.data or "")
        target = commitments.find(found[1], int(found[2])) if found else None
        if target is None or target.plan_id == commitment_plan(self.thing):
            raise ValidationError(label(Fault.NO_SUCCESSOR))
        self.into_id = target.id

    def step(self) -> Step:
        """What the service takes."""
        milestone = self.thing if isinstance(self.thing, Milestone) else None
        known = milestone.criterion if milestone else None
        criterion = (self.criterion.data or "") if milestone else ""
        return Step(
            milestone.id if milestone else None,
            self.chosen,
            criterion if criterion and criterion != known else None,
            self.links,
            self.into_id if self.chosen is CommitmentAction.CARRY_OVER else None,
        )


def commitment_plan(thing: Commitment | Milestone) -> int | None:
    """The plan of a commitment; of a milestone the service judges."""
    return thing.plan_id if isinstance(thing, Commitment) else None


class UpdateForm(PageForm):
    """The whole editor."""

    seen_version = HiddenField()
    seen_wording = HiddenField()
    done = _text(BlockKind.DONE, _l("Ce qui a avancé depuis la dernière fois, avec des faits."))
    next = _text(BlockKind.NEXT, _l("La prochaine étape, et quand."))
    difficulties = _text(BlockKind.DIFFICULTIES, _l("Ce qui freine, dit simplement."))
    help_wanted = _text(BlockKind.HELP_WANTED, _l("Ce que d’autres, citoyens compris, peuvent apporter."))
    confidence = RadioField(_l("L’échéance vous paraît-elle tenable\u00a0?"), validate_choice=False)

    def __init__(self, commitment: Commitment, in_hand: ProgressUpdate | None) -> None:
        self.commitment = commitment
        version = in_hand.latest if in_hand else None
        kept: dict[str, Any] = {block.kind.value: block.source for block in version.blocks} if version else {}
        kept["confidence"] = version.confidence.value if version and version.confidence else ""
        super().__init__(data=kept)
        self.confidence.choices = [SelectChoice(one.value, label(one)) for one in Confidence]
        steps = {step.milestone_id: step for step in version.steps} if version else {}
        values = request.form if request.method == "POST" else kept_before.restored()
        self.whole = StepForm(commitment, steps.get(None), values=values, prefix="whole-")
        self.milestones: Sequence[StepForm] = [
            StepForm(one, steps.get(one.id), values=values, prefix=f"milestone{one.id}-") for one in commitment.current_milestones
        ]
        if request.method != "POST":
            self.show(in_hand)

    def show(self, in_hand: ProgressUpdate | None) -> None:
        """Say which versions the page shows."""
        self.seen_version.data = str(self.commitment.version)
        self.seen_wording.data = str(in_hand.latest.number if in_hand else 0)

    @property
    def seen(self) -> Seen:
        """The versions that the person saw."""
        return Seen(version_of(self.seen_version.data), version_of(self.seen_wording.data))

    @property
    def step_forms(self) -> list[StepForm]:
        """The commitment's, then each milestone's."""
        return [self.whole, *self.milestones]

    def __iter__(self) -> Iterator[Field]:
        """Every field of the page, so that the summary of mistakes leads to each."""
        yield from super().__iter__()
        for form in self.step_forms:
            yield from form

    @property
    def errors(self) -> dict[str | None, Any]:
        """Those of the steps too."""
        found = dict(super().errors)
        for form in self.step_forms:
            found |= {field.name: field.errors for field in form if field.errors}
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """All the steps too, so that every mistake is said at once; then whether there is a text, and an answer to the question.

        Who saw another version is told so first (``Conflict``, by the service): their moves may be none any more.
        """
        if self.seen.version != self.commitment.version:
            return True
        right = all([super().validate(extra_validators), *(form.validate() for form in self.step_forms)])
        if not any((self[kind.value].data or "").strip() for kind in BlockKind):
            self.done.errors = [*self.done.errors, label(Fault.NO_TEXT)]
            right = False
        if not self.confidence.data and self._stays_open() and request.form.get("do") == "propose":
            self.confidence.errors = [label(Fault.NO_CONFIDENCE)]
            right = False
        return right

    def _stays_open(self) -> bool:
        try:
            after = COMMITMENT_WORKFLOW.next(self.commitment.status, self.whole.chosen) if self.whole.chosen else self.commitment.status
        except MoveRefused:
            return False
        return after in UNFINISHED

    def said(self) -> Wording:
        """What the service takes."""
        blocks = {kind: self[kind.value].data or "" for kind in BlockKind}
        confidence = Confidence(self.confidence.data) if self.confidence.data in set(Confidence) else None
        return wording.wording(blocks, confidence=confidence, steps=tuple(form.step() for form in self.step_forms))
