"""A contact says where a commitment stands, somebody else publishes it, and only then does anything move."""

from __future__ import annotations

import pytest

from feedback_app.domain.commitment import CommitmentAction, CommitmentStatus, Confidence, UpdateStatus
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import NotAllowed
from feedback_app.domain.trace import EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import CaseEvent, ProgressRemark, ProgressStep, ProgressUpdate, ProgressVersion, Topic
from feedback_app.services.progress import updates
from feedback_app.services.progress.updates import Seen
from feedback_app.services.progress.wording import Fault, IncompleteUpdate, Step
from tests.progress_factories import move, said

A, S = CommitmentAction, CommitmentStatus
PROOF = "https://exemple.fr/preuve"
FRESH = Seen(1, 0)


def test_what_is_proposed_changes_nothing_until_somebody_else_publishes_it(team, make):
    steps = (move(A.START), move(A.START, team.milestone.id))
    update = team(updates.propose, team.commitment, team.contact, said("Le chantier est ouvert.", *steps), seen=FRESH)
    assert update.status is UpdateStatus.PROPOSED
    assert make.reload(team.commitment).status is S.PLANNED
    assert make.reload(team.commitment).updated_at is None

    team.clock.advance(hours=1)
    team(updates.publish, update, team.validator, seen_wording=1)
    commitment, milestone = make.reload(team.commitment), make.reload(team.milestone)
    assert (commitment.status, milestone.status) == (S.IN_PROGRESS, S.IN_PROGRESS)
    assert commitment.status_since == milestone.status_since == commitment.updated_at == team.clock()
    assert (commitment.confidence, commitment.version) == (Confidence.ATTAINABLE, 2)


def test_every_move_is_recorded_with_what_it_was_and_the_ministry_that_says_so(team, make):
    make.update(team.commitment, said("C’est fait.", move(A.START), move(A.START, team.milestone.id)))

    moves = [event for event in make.all(CaseEvent) if event.verb in {EventVerb.COMMITMENT_MOVE, EventVerb.MILESTONE_MOVE}]
    assert {(event.verb, event.subject_id, event.before, event.after) for event in moves} == {
        (EventVerb.COMMITMENT_MOVE, team.commitment.id, "planned", "in_progress"),
        (EventVerb.MILESTONE_MOVE, team.milestone.id, "planned", "in_progress"),
    }
    assert {(event.ministry_id, event.topic_id) for event in moves} == {(team.ministry.id, team.commitment.topic_id)}
    assert {(step.before, step.after) for step in make.all(ProgressStep)} == {(S.PLANNED, S.IN_PROGRESS)}


def test_nobody_publishes_what_they_wrote_a_word_of(team, make):
    update = make.update(team.commitment, status=UpdateStatus.DRAFT, contact=team.validator)
    team(updates.propose, team.commitment, team.contact, said("Autrement dit."), seen=Seen(1, 1))

    with pytest.raises(NotAllowed):
        team(updates.publish, update, team.validator, seen_wording=2)


@pytest.mark.parametrize("person", ["contact", "neighbour"])
def test_a_contact_and_another_ministry_publish_nothing(team, make, person):
    update = make.update(team.commitment, status=UpdateStatus.PROPOSED, contact=team.colleague)

    with pytest.raises(NotAllowed):
        team(updates.publish, update, getattr(team, person), seen_wording=1)


def test_another_ministry_writes_nothing(team):
    with pytest.raises(NotAllowed):
        team(updates.write, team.commitment, team.neighbour, said(), seen=FRESH)


def test_the_ministry_that_took_over_speaks_for_the_commitment(team, make, app):
    from feedback_app.database import db, unit_of_work
    from feedback_app.models import Ministry

    with app.app_context(), unit_of_work():
        db.session.get_one(Ministry, team.ministry.id).successor_id = team.elsewhere.id

    assert team(updates.write, team.commitment, team.neighbour, said(), seen=FRESH).ministry_id == team.elsewhere.id
    with pytest.raises(NotAllowed):
        team(updates.write, team.commitment, team.contact, said(), seen=FRESH)


@pytest.mark.parametrize(
    ("wording", "fault"),
    [
        (said(""), Fault.NO_TEXT),
        (said("  \n "), Fault.NO_TEXT),
        (said("Fait.", confidence=None), Fault.NO_CONFIDENCE),
        (said("Fait.", Step(evidence=("javascript:alert(1)",))), Fault.NO_WEB_ADDRESS),
        (said("Fait.", Step(evidence=("ftp://exemple.fr/x",))), Fault.NO_WEB_ADDRESS),
        (said("Fait.", Step(10**6, criterion="Cent communes.")), Fault.UNKNOWN_MILESTONE),
    ],
)
def test_what_says_too_little_is_not_proposed(team, wording, fault):
    with pytest.raises(IncompleteUpdate) as refused:
        team(updates.propose, team.commitment, team.contact, wording, seen=FRESH)
    assert refused.value.fault is fault


def test_completed_needs_evidence_and_then_no_confidence(team, make):
    make.update(team.commitment, said("On commence.", move(A.START)))
    with pytest.raises(IncompleteUpdate) as refused:
        team(updates.propose, team.commitment, team.contact, said("Fini.", move(A.COMPLETE), confidence=None), seen=Seen(2, 0))
    assert refused.value.fault is Fault.NO_EVIDENCE

    finished = said("Fini.", move(A.COMPLETE, None, PROOF), confidence=None)
    make.update(team.commitment, finished)
    assert make.reload(team.commitment).status is S.COMPLETED


def test_a_move_that_the_workflow_forbids_is_refused_and_writes_nothing(team, make):
    with pytest.raises(MoveRefused):
        team(updates.write, team.commitment, team.contact, said("Déjà fini.", move(A.COMPLETE, None, PROOF)), seen=FRESH)
    assert make.all(ProgressUpdate) == []


def test_what_is_carried_over_goes_into_a_commitment_of_another_plan(team, make):
    make.update(team.commitment, said("On arrête.", move(A.ABANDON), confidence=None))
    same_plan, other = make.commitment(plan=team.commitment.plan), make.commitment()
    for target in (None, same_plan.id, 10**6):
        carried = said("Repris.", move(A.CARRY_OVER, into_id=target), confidence=None)
        with pytest.raises(IncompleteUpdate) as refused:
            team(updates.propose, team.commitment, team.contact, carried, seen=Seen(2, 0))
        assert refused.value.fault is Fault.NO_SUCCESSOR

    before = make.one(Topic, other.topic_id).content_version
    make.update(team.commitment, said("Repris.", move(A.CARRY_OVER, into_id=other.id), confidence=None))
    assert make.reload(team.commitment).status is S.CARRIED_OVER
    assert make.one(Topic, other.topic_id).content_version > before


def test_a_criterion_becomes_true_with_the_update_that_says_it(team, make):
    wanted = said("Voici comment on saura.", Step(team.milestone.id, criterion="Cent communes ont publié."))
    update = team(updates.propose, team.commitment, team.contact, wanted, seen=FRESH)
    assert make.reload(team.milestone).criterion is None

    team(updates.publish, update, team.validator, seen_wording=1)
    assert make.reload(team.milestone).criterion == "Cent communes ont publié."


def test_of_two_contacts_the_second_is_told_what_the_first_wrote(team, make):
    team(updates.write, team.commitment, team.contact, said("Le texte d’Ana."), seen=FRESH)

    with pytest.raises(Conflict) as conflict:
        team(updates.write, team.commitment, team.colleague, said("Le texte de Bo."), seen=FRESH)
    assert (conflict.value.other.text, conflict.value.other.by) == ("Le texte d’Ana.", "Ana")
    assert len(make.all(ProgressVersion)) == 1


def test_whoever_read_the_commitment_before_the_last_publication_is_told_what_was_published(team, make):
    make.update(team.commitment, said("Publié entre-temps.", move(A.START)), contact=team.contact)

    with pytest.raises(Conflict) as conflict:
        team(updates.write, team.commitment, team.colleague, said("Écrit avant."), seen=FRESH)
    assert conflict.value.other.text == "Publié entre-temps."


def test_a_double_click_changes_nothing(team, make):
    update = team(updates.propose, team.commitment, team.contact, said(), seen=FRESH)
    team(updates.propose, team.commitment, team.contact, said(), seen=FRESH)
    assert len(make.all(ProgressVersion)) == 1

    team(updates.publish, update, team.validator, seen_wording=1)
    events = len(make.all(CaseEvent))
    team(updates.publish, update, team.validator, seen_wording=1)
    assert len(make.all(CaseEvent)) == events


def test_a_validator_sends_back_with_words_and_the_next_wording_keeps_the_first(team, make):
    update = team(updates.propose, team.commitment, team.contact, said("Trop court."), seen=FRESH)
    team(updates.send_back, update, team.validator, "Donnez des chiffres.", seen_wording=1)
    assert make.reload(update).status is UpdateStatus.DRAFT
    assert [remark.source for remark in make.all(ProgressRemark)] == ["Donnez des chiffres."]

    team(updates.propose, team.commitment, team.contact, said("Cent communes."), seen=Seen(1, 1))
    assert [version.number for version in make.all(ProgressVersion)] == [1, 2]


def test_a_validator_publishes_the_wording_that_they_read(team, make):
    update = team(updates.propose, team.commitment, team.contact, said("Un."), seen=FRESH)
    team(updates.send_back, update, team.validator, "À reprendre, merci.", seen_wording=1)
    team(updates.propose, team.commitment, team.contact, said("Deux."), seen=Seen(1, 1))

    with pytest.raises(Conflict):
        team(updates.publish, update, team.validator, seen_wording=1)


def test_a_published_update_is_never_written_again(team, make):
    first = make.update(team.commitment, said("Premier."), contact=team.contact)
    second = make.update(team.commitment, said("Second."), contact=team.contact)

    assert second.id != first.id
    assert make.reload(first).status is UpdateStatus.PUBLISHED
    with pytest.raises(MoveRefused):
        team(updates.send_back, first, team.contact, "On reprend tout.", seen_wording=1)


def test_the_page_of_the_commitment_is_renewed(team, make):
    before = make.one(Topic, team.commitment.topic_id).content_version
    make.update(team.commitment)

    assert make.one(Topic, team.commitment.topic_id).content_version > before
