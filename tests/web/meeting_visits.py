"""The pages of meetings and productions, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from feedback_app.domain import attachment
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.meeting import MeetingStatus
from feedback_app.domain.policy import MembershipKind
from feedback_app.models import Meeting, Ministry
from tests.attachments import odt
from tests.pages import Page, PageClient

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
MEETING_BUTTONS = {"ministry.publish_meeting"}
TEXT = "Un premier texte, assez long."
SAID = {"title": TEXT, "place": TEXT, "organisers": "Jeanne D.", "description": TEXT}
PATH, DESK = "/en/rendez-vous", "/en/ministere/rendez-vous"


def _meeting(site: Site, **facts: Any) -> Meeting:
    facts = {"ministry": _ministry(site), **SAID, **facts}
    made: Meeting = site.make.meeting(**facts)
    return made


def _ministry(site: Site) -> Ministry:
    found: Ministry = site.make.one(Ministry, site.commitment.ministry_id)
    return found


def _staff(site: Site, kind: MembershipKind = MembershipKind.CONTACT) -> PageClient:
    browser: PageClient = site.browser_of(site.make.person(ministry=_ministry(site), kind=kind))
    return browser


def _one(site: Site) -> Page:
    minutes = attachment.judge("minutes.odt", odt())
    made = _meeting(
        site, file=minutes, minutes=TEXT, participants=12, link="https://exemple.org", topic_ids=frozenset({site.commitment.topic_id})
    )
    return site.browser().get_page(f"{PATH}/{made.id}")


def _list(site: Site, query: str = "") -> Page:
    _meeting(site)
    return site.browser().get_page(f"{PATH}/{query}")


def _past(site: Site) -> Page:
    _meeting(site, starts_at=site.make.clock.now.replace(year=2025), ends_at=None, link="https://exemple.org")
    return site.browser().get_page(f"{PATH}/?quand=passes")


def _desk(site: Site, rest: str = "", kind: MembershipKind = MembershipKind.CONTACT, **facts: Any) -> Page:
    made = _meeting(site, **facts)
    return _staff(site, kind).get_page(f"{DESK}/{made.id}{rest}")


def _sent(browser: PageClient, path: str, **values: Any) -> Page:
    answer = browser.send(path, values)
    assert answer.status_code == 422
    return browser.page(answer)


def _proposal(site: Site, rest: str = "", status: ContributionStatus = ContributionStatus.PUBLISHED) -> Page:
    made = site.make.proposal(status=status, **SAID)
    if status is ContributionStatus.AWAITING_CONFIRMATION:
        return site.browser().get_page(f"/en{site.make.confirmation_path(made.contribution)}")
    return site.browser().get_page(f"/en{site.make.private_path(made.contribution)}")


def _moderated(site: Site, rest: str = "", **values: str) -> Page:
    made = site.make.proposal(**SAID)
    browser, path = site.browser_of(site.make.moderator()), f"/en/moderation/rendez-vous/{made.contribution_id}/retirer"
    return _sent(browser, path, **values) if values else browser.get_page(rest or path)


def _taken_off(site: Site) -> Page:
    made = site.make.proposal(**SAID)
    why = {"ground": "advertising", "facts": f"{TEXT} {TEXT}"}
    assert site.browser_of(site.make.moderator()).send(f"/en/moderation/rendez-vous/{made.contribution_id}/retirer", why).status_code == 303
    return site.browser().get_page(f"/en{site.make.private_path(made.contribution)}")


WRONG = {"kind": "zzz", "starts": "zzz", "ends": "zzz", "link": "zzz", "participants": "zzz", "about": "zzz"}
MEETING_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "meetings": ("public.meetings_list", _list),
    "meetings, past": ("public.meetings_list", _past),
    "meetings, none": ("public.meetings_list", lambda site: _list(site, "?apres=9999999999999999.9")),
    "home with a meeting": ("public.home", lambda site: (_meeting(site), site.browser().get_page("/en/"))[1]),
    "meeting": ("public.meeting", _one),
    "propose a meeting": ("public.propose_meeting", lambda site: site.browser().get_page(f"{PATH}/proposer")),
    "propose a meeting, wrong": ("public.propose_meeting", lambda site: _sent(site.browser(), f"{PATH}/proposer", **WRONG)),
    "confirm a proposal": ("public.confirm", lambda site: _proposal(site, status=ContributionStatus.AWAITING_CONFIRMATION)),
    "private page of a proposal": ("public.private_page", _proposal),
    "private page of a proposal that was taken off": ("public.private_page", _taken_off),
    "proposals that are public": ("moderation.proposed_meetings", lambda site: _moderated(site, "/en/moderation/rendez-vous")),
    "take a proposal off": ("moderation.take_off", _moderated),
    "take a proposal off, wrong": ("moderation.take_off", lambda site: _moderated(site, ground="zzz", facts="zzz")),
    "prepared meetings": ("ministry.prepared_meetings", lambda site: (_meeting(site), _staff(site).get_page(DESK))[1]),
    "prepared meeting": ("ministry.prepared_meeting", lambda site: _desk(site, status=MeetingStatus.PREPARED)),
    "prepared meeting, to be published": (
        "ministry.prepared_meeting", lambda site: _desk(site, kind=MembershipKind.VALIDATOR, status=MeetingStatus.PREPARED),
    ),
    "prepared meeting, withdrawn": ("ministry.prepared_meeting", lambda site: _desk(site, status=MeetingStatus.WITHDRAWN)),
    "withdraw a meeting": ("ministry.withdraw_meeting", lambda site: _desk(site, "/retirer")),
    "new meeting": ("ministry.new_meeting", lambda site: _staff(site).get_page(f"{DESK}/nouveau")),
    "new meeting, wrong": (
        "ministry.new_meeting", lambda site: _sent(_staff(site), f"{DESK}/nouveau", file=(io.BytesIO(b"MZ"), "minutes.pdf"), **WRONG),
    ),
    "edit a meeting": (
        "ministry.edit_meeting", lambda site: _desk(site, "/modifier", file=attachment.judge("minutes.odt", odt())),
    ),
}  # fmt: skip
