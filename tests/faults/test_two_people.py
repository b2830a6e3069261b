"""Two people, one text: one of them wins, the other is told who did what and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feedback_app.domain.contribution import ContributionStatus, TextStatus
from feedback_app.domain.policy import Role
from feedback_app.models import Account, AccountRole, CaseEvent, Contribution, ModerationDecision, TextVersion
from tests.factories import Make
from tests.pages import Page, PageClient

SignIn = Callable[[Account], PageClient]
Together = Callable[[Sequence[Callable[[], Any]]], list[Any]]

BODY = "Les horaires de la bibliothèque ne sont plus à jour depuis février."
CORRECTED = "Les horaires de la bibliothèque ne sont plus à jour depuis mars."
FACTS = "La deuxième phrase vise une personne nommée."
PUBLISH = {"action": "publish"}
REJECT = {"action": "reject", "ground": "insult", "facts": FACTS}
DECISION_MAILS = ("text-published:", "text-rejected:")


@pytest.fixture
def comment(make: Make) -> Contribution:
    return make.comment(body=BODY, status=ContributionStatus.PENDING)


def review_path(comment: Contribution) -> str:
    return f"/moderation/textes/{comment.current_version_id}"


def decision_form(browser: PageClient, comment: Contribution) -> dict[str, str]:
    """The form as this moderator sees it now."""
    return browser.get_page(review_path(comment)).form()


def decision_mails(make: Make) -> list[str]:
    return [mail.key for mail in make.mails() if mail.key.startswith(DECISION_MAILS)]


def quotes(page: Page) -> str:
    """What the page quotes of people's texts."""
    return " ".join("".join(quote.itertext()) for quote in page.all("blockquote"))


def test_the_second_moderator_learns_who_decided_what_and_keeps_the_facts_they_typed(
    make: Make, sign_in: SignIn, comment: Contribution
) -> None:
    first, second = sign_in(make.moderator("Ada Première")), sign_in(make.moderator("Basile Second"))
    seen_by_first, seen_by_second = decision_form(first, comment), decision_form(second, comment)
    assert first.post(review_path(comment), data=seen_by_first | PUBLISH).status_code == 303
    answer = second.post(review_path(comment), data=seen_by_second | REJECT)
    assert answer.status_code == 409
    page = second.page(answer)
    assert "Publié par Ada Première, le 2 mars 2026" in page.text("main")
    assert BODY in quotes(page)
    assert FACTS in quotes(page)
    assert len(make.all(ModerationDecision)) == len(decision_mails(make)) == 1
    assert make.reload(comment).status is ContributionStatus.PUBLISHED


def test_moderators_who_decide_at_the_same_instant_make_one_decision_and_one_mail(
    make: Make, sign_in: SignIn, together: Together, comment: Contribution
) -> None:
    browsers = [sign_in(make.moderator()) for _ in range(6)]
    forms = [decision_form(browser, comment) | (PUBLISH if number % 2 else REJECT) for number, browser in enumerate(browsers)]
    answers: list[TestResponse] = together(
        [partial(browser.post, review_path(comment), data=form) for browser, form in zip(browsers, forms, strict=True)]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409, 409]
    (decision,) = make.all(ModerationDecision)
    assert len(decision_mails(make)) == 1
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 303)
    assert decision.action.value == forms[winner]["action"]
    assert make.reload(comment).status.value == {"publish": "published", "reject": "rejected"}[forms[winner]["action"]]


def test_a_moderator_who_decides_on_a_text_that_its_author_corrected_meanwhile_is_shown_the_new_text(
    make: Make, sign_in: SignIn, comment: Contribution
) -> None:
    moderator = sign_in(make.moderator())
    form = decision_form(moderator, comment)
    make.correction(comment, CORRECTED)
    answer = moderator.post(review_path(comment), data=form | REJECT)
    assert answer.status_code == 409
    page = moderator.page(answer)
    assert "Remplacé" in page.text("main")
    assert CORRECTED in quotes(page)
    assert FACTS in quotes(page)
    assert make.all(ModerationDecision) == []
    assert make.reload(comment).status is ContributionStatus.PENDING


def test_a_moderator_who_decides_on_a_text_withdrawn_meanwhile_is_told_so(make: Make, sign_in: SignIn, comment: Contribution) -> None:
    moderator, author = sign_in(make.moderator()), make.app.test_client()
    form = decision_form(moderator, comment)
    assert author.post(make.private_path(comment) + "/retirer").status_code == 303
    answer = moderator.post(review_path(comment), data=form | PUBLISH)
    assert answer.status_code == 409
    assert "Retiré" in moderator.page(answer).text("main")
    assert make.reload(comment).status is ContributionStatus.WITHDRAWN


def test_a_correction_sent_at_the_instant_of_the_decision_is_neither_lost_nor_published_unread(
    make: Make, sign_in: SignIn, together: Together
) -> None:
    moderator, author = sign_in(make.moderator()), make.app.test_client()
    assert isinstance(author, PageClient)
    topic = make.commitment().topic
    for _round in range(5):
        comment = make.comment(topic=topic, body=BODY, status=ContributionStatus.PENDING)
        correct = make.private_path(comment) + "/corriger"
        correction = author.get_page(correct).form() | {"body": CORRECTED}
        decision = decision_form(moderator, comment) | PUBLISH
        corrected, decided = together(
            [partial(author.post, correct, data=correction), partial(moderator.post, review_path(comment), data=decision)]
        )
        versions = [version for version in make.all(TextVersion) if version.contribution_id == comment.id]
        assert corrected.status_code == 303
        assert [version.body for version in versions] == [BODY, CORRECTED]
        assert versions[1].status is TextStatus.PENDING
        now = make.reload(comment)
        if decided.status_code == 303:  # the decision came first: the old text is public, the new one waits
            assert (now.status, now.current_version_id) == (ContributionStatus.PUBLISHED, versions[0].id)
        else:
            assert decided.status_code == 409
            assert (now.status, now.current_version_id) == (ContributionStatus.PENDING, versions[1].id)


def test_a_text_withdrawn_at_the_instant_of_the_decision_is_not_public(make: Make, sign_in: SignIn, together: Together) -> None:
    moderator, author = sign_in(make.moderator()), make.app.test_client()
    commitment = make.commitment()
    for _round in range(5):
        comment = make.comment(topic=commitment.topic, body=BODY, status=ContributionStatus.PENDING)
        decision = decision_form(moderator, comment) | PUBLISH
        withdrawn, decided = together(
            [partial(author.post, make.private_path(comment) + "/retirer"), partial(moderator.post, review_path(comment), data=decision)]
        )
        assert (withdrawn.status_code, decided.status_code) in {(303, 303), (303, 409)}
        assert make.reload(comment).status is ContributionStatus.WITHDRAWN
    assert BODY not in author.get(f"/engagements/{commitment.plan.slug}/{commitment.number}").text
    withdrawals = [event for event in make.all(CaseEvent) if event.verb == "contribution:withdraw"]
    assert len(withdrawals) == 5


def test_of_two_corrections_made_from_one_page_the_second_is_shown_the_first(make: Make, client: PageClient, comment: Contribution) -> None:
    path = make.private_path(comment) + "/corriger"
    form = client.get_page(path).form()
    assert client.post(path, data=form | {"body": CORRECTED}).status_code == 303
    answer = client.post(path, data=form | {"body": "Une troisième façon de le dire."})
    assert answer.status_code == 409
    assert CORRECTED in quotes(client.page(answer))
    assert "Une troisième façon de le dire." in quotes(client.page(answer))


def test_two_administrators_who_demote_each_other_at_the_same_instant_leave_one(make: Make, sign_in: SignIn, together: Together) -> None:
    both = [make.person(name=name, roles=(Role.ADMINISTRATOR,)) for name in ("Ada Première", "Basile Second")]
    browsers = [sign_in(one) for one in both]
    paths = [f"/admin/personnes/{other.id}/modifier" for other in reversed(both)]
    forms = [browser.get_page(path).form() for browser, path in zip(browsers, paths, strict=True)]
    for form in forms:
        assert form.pop("roles") == Role.ADMINISTRATOR.value
    answers: list[TestResponse] = together(
        [partial(browser.post, path, data=form) for browser, path, form in zip(browsers, paths, forms, strict=True)]
    )
    won, lost = (0, 1) if answers[0].status_code == 303 else (1, 0)
    assert answers[won].status_code == 303
    assert answers[lost].status_code in {401, 403}, "demoted meanwhile: signed out, or refused"
    (left,) = [held.account_id for held in make.all(AccountRole)]
    assert left == both[won].id
