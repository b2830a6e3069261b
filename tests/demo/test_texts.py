"""The sample texts themselves: what a form would have accepted, in an order that can happen, and plainly fictitious."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedback_app.demo import seed
from feedback_app.demo.people import ASSESSOR, PEOPLE, person
from feedback_app.demo.plan_file import plan_file
from feedback_app.demo.story import Correct, Decide, Moment, Story, typed
from feedback_app.demo.texts import STORIES
from feedback_app.domain.contribution import BODY_MAX, BODY_MIN, FACTS_MAX, FACTS_MIN, NAME_MAX, TextAction
from feedback_app.domain.personal_data import clean_email
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.text import clean_name, clean_typed
from tests.conftest import NOW

MOMENTS_TO_SEED = [
    datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
    datetime(2026, 11, 23, 0, 5, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),  # already tomorrow, next year, in Paris
    datetime(2027, 4, 2, 1, 0, tzinfo=UTC),  # the clocks went forward in between
    datetime(2026, 10, 27, 1, 0, tzinfo=UTC),  # and back
]


def bodies() -> list[str]:
    return [story.body for story in STORIES] + [step.body for story in STORIES for step in story.steps if isinstance(step, Correct)]


def moments(story: Story) -> list[Moment]:
    return [story.when, *(step.when for step in story.steps)]


@pytest.mark.parametrize("body", bodies())
def test_each_text_is_one_that_the_form_accepts_and_keeps_as_it_is(body: str) -> None:
    assert BODY_MIN <= len(body) <= BODY_MAX
    assert clean_typed(body) == body


def test_each_signature_is_kept_as_it_is() -> None:
    names = [story.name for story in STORIES if story.name] + [person.name for person in PEOPLE]
    assert [name for name in names if clean_name(name) != name or len(name) > NAME_MAX] == []


def test_nobody_could_ever_be_written_to() -> None:
    addresses = [story.email for story in STORIES] + [person.email for person in PEOPLE]
    assert [email for email in addresses if clean_email(email) != email or not email.endswith("@exemple.test")] == []


@pytest.mark.parametrize("at", MOMENTS_TO_SEED)
def test_each_story_goes_forward_and_ends_before_now(at: datetime) -> None:
    for story in STORIES:
        times = [moment.before(at) for moment in moments(story)]
        assert times == sorted(times), story.body
        assert times[-1] < at, story.body
        assert times[0] > seed.PEOPLE_ENTERED.before(at), story.body


def test_each_decision_is_by_a_moderator_on_somebody_elses_text() -> None:
    for story in STORIES:
        for step in story.steps:
            if isinstance(step, Decide):
                moderator = person(step.moderator)
                assert moderator is not None
                assert Role.MODERATOR in moderator.roles
                assert moderator.email != story.email


def test_each_refusal_has_a_ground_and_facts_that_the_form_accepts() -> None:
    refusals = [step for story in STORIES for step in story.steps if isinstance(step, Decide) and step.action is TextAction.REJECT]
    assert refusals
    for step in refusals:
        assert step.ground
        assert step.facts == clean_typed(step.facts or "")
        assert FACTS_MIN <= len(step.facts) <= FACTS_MAX


def test_the_cast_is_complete() -> None:
    kinds = [(slug, kind) for person in PEOPLE for slug, kind in person.memberships]
    assert len({person.key for person in PEOPLE}) == len({person.email for person in PEOPLE}) == len(PEOPLE)
    assert len({slug for slug, _kind in kinds}) == 2
    assert len(set(kinds)) == 2 * len(MembershipKind)
    assert sorted(role for person in PEOPLE for role in person.roles) == sorted([*Role, Role.MODERATOR])
    assert {person.key for person in PEOPLE if not person.roles and not person.memberships} == {"citoyenne", "citoyen", ASSESSOR}


def test_a_text_of_this_project_is_typed_as_a_browser_sends_it() -> None:
    source = """
        Une phrase
        coupée.

        - un
        - deux,
        suite
    """
    assert typed(source) == "Une phrase coupée.\n\n- un\n- deux, suite"


def test_the_plan_says_everywhere_that_it_is_fictitious() -> None:
    file = plan_file(NOW.date())
    assert "données fictives" in file.plan.title
    assert "Données fictives" in (file.plan.source or "")
    assert [ministry.name for ministry in file.ministries if "ficti" not in ministry.name] == []
    assert [commitment.number for commitment in file.commitments if "ficti" not in (commitment.lead or "")] == []


def test_the_plan_has_what_pages_find_hard() -> None:
    file = plan_file(NOW.date())
    assert len(file.ministries) == 5
    assert len(file.commitments) == 20
    assert max(len(commitment.title) for commitment in file.commitments) > 250
    assert any(not commitment.milestones for commitment in file.commitments)
    assert any(commitment.period.end is None for commitment in file.commitments)
    assert any("**" in (commitment.commitment or "") and "\n- " in (commitment.commitment or "") for commitment in file.commitments)
    assert all(commitment.problem and commitment.commitment and commitment.contribution for commitment in file.commitments)
    assert {story.commitment for story in STORIES} <= {commitment.number for commitment in file.commitments}
