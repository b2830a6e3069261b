"""Replies and organisations of the walk: one comment for each form of the desk, and what only some may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.meeting import MeetingStatus
from feedback_app.domain.reply import ReplyStatus
from feedback_app.models import Ministry
from tests.factories import Make

if TYPE_CHECKING:
    from tests.house.planted import Planted

WORDS = "Une raison assez longue pour être lue."


def plant_voices(make: Make, found: Planted, owner: Ministry, topic: Any) -> None:
    """A proposed reply, a correction in hand of a public one, and a reason that stays inside."""
    colleague = make.person(ministry=owner)
    proposed, public, dismissed = (make.comment(topic=topic, body=f"Un commentaire public, numéro {number}.") for number in (1, 2, 3))
    make.reply_to(proposed, "Voici la mirabelle zqxproposedreply pour tous.", status=ReplyStatus.PROPOSED, contact=colleague)
    make.reply_to(public, "Une réponse que tout le monde lit.")
    make.reply_to(public, "Voici la mirabelle zqxcorrectedreply pour tous.", status=ReplyStatus.DRAFT, contact=colleague)
    make.reply_to(dismissed, status=ReplyStatus.NOT_NEEDED, contact=colleague, reason="Une mirabelle zqxreplynote pour nous.")
    found.add("draft reply", "zqxproposedreply", proposed.id, None)
    found.add("draft reply", "zqxcorrectedreply", public.id, None)
    found.add("note on a reply", "zqxreplynote", dismissed.id, None)
    found.arguments.setdefault("contribution_id", []).extend((proposed.id, public.id, dismissed.id))
    for endpoint, body in (("ministry.publish_reply", {}), ("ministry.send_back_reply", {"body": WORDS})):
        found.places[endpoint] = {"contribution_id": proposed.id}
        found.bodies[endpoint] = body
    _plant_assessment(make, found, topic)
    _plant_meetings(make, found, owner)
    found.bodies["ministry.reply"] = {"body": "Une réponse assez longue.", "do": "save"}
    found.bodies["ministry.no_reply"] = {"body": WORDS}


def _plant_assessment(make: Make, found: Planted, topic: Any) -> None:
    """A counter-assessment that waits, and who sent it."""
    organisation, email = make.organisation(), "mirabelle.zqxassessormail@exemple.test"
    assessor = make.assessor(organisation, email=email, name="Mirabelle zqxassessorname")
    make.assessor(organisation, email="mirabelle.citizen@staff.exemple.test")  # the citizen of the walk writes in its name
    sent = make.assessment(
        topic, "Une mirabelle zqxassessment pour tous.", organisation=organisation, by=assessor, status=ContributionStatus.PENDING
    )
    found.add("waiting text", "zqxassessment", sent.id, email)
    found.add("assessor's name and address", "zqxassessorname", sent.id, email)
    found.add("assessor's name and address", "zqxassessormail", sent.id, email)
    found.arguments.setdefault("organisation_id", []).append(organisation.id)
    found.arguments.setdefault("version_id", []).append(sent.current_version_id)


def _plant_meetings(make: Make, found: Planted, owner: Ministry) -> None:
    """A meeting that a colleague prepares, one that was withdrawn, and a citizen's proposal that waits."""
    prepared = make.meeting(ministry=owner, status=MeetingStatus.PREPARED, title="Une mirabelle zqxprepared pour tous")
    gone = make.meeting(ministry=owner, status=MeetingStatus.WITHDRAWN, title="Une mirabelle zqxgonemeeting pour tous")
    email = "mirabelle.zqxproposer@exemple.test"
    sent = make.proposal(status=ContributionStatus.PENDING, title="Une mirabelle zqxproposal pour tous", email=email)
    found.add("prepared meeting", "zqxprepared", None, None)
    found.add("prepared meeting", "zqxgonemeeting", None, None)
    found.add("waiting text", "zqxproposal", sent.contribution_id, email)
    found.arguments.setdefault("meeting_id", []).extend((prepared.id, gone.id, sent.id))
    found.arguments.setdefault("version_id", []).append(sent.contribution.current_version_id)
    public = make.proposal()
    found.places["moderation.take_off"] = {"proposal_id": public.contribution_id}
    found.bodies["moderation.take_off"] = {"ground": "off_topic", "facts": "Ce n’est pas un rendez-vous, mais une publicité."}
    found.places["ministry.publish_meeting"] = {"meeting_id": prepared.id}
    found.bodies["ministry.publish_meeting"] = {"seen_wording": "1"}
