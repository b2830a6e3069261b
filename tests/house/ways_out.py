"""Every address that can be read, and which planted secrets (``planted.py``) it may show, to whom.

A new GET address needs one line here. Most pages are ``NOTHING``: nothing unpublished, no address of anybody. A page that has to show
some says which kinds, and to which of the people of ``walk.PEOPLE`` (everybody whom the page lets in, unless said otherwise). What
belongs to the person who looks is no secret to them. A page behind a secret address shows what belongs to that address (``OWN``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

EVERYBODY_LET_IN: frozenset[str] = frozenset()
MODERATOR = ("moderator",)
OURS = ("contact", "validator", "lead")
READERS = (*OURS, "coordinator")
WAITING = ("waiting text", "name on a waiting text", "waiting correction")
DECIDED = ("rejected text", "name on a rejected text", "facts", "replaced text")


@dataclass(frozen=True)
class WayOut:
    """``shows``: kind of secret -> the people who may see it there. ``own``: what belongs to the secret address that was asked for."""

    shows: Mapping[str, Collection[str]] = field(default_factory=dict)
    own: bool = False

    def may_show(self, kind: str, person: str) -> bool:
        return kind in self.shows and (not self.shows[kind] or person in self.shows[kind])


def shows(*kinds: str, to: Collection[str] = EVERYBODY_LET_IN) -> WayOut:
    return WayOut(dict.fromkeys(kinds, to))


NOTHING = WayOut()
OWN = WayOut(own=True)

WAYS_OUT: dict[str, WayOut] = {
    "account.assess": NOTHING,
    "account.cancel_erasure": NOTHING,
    "account.erase": NOTHING,
    "account.erasure_cancelled": NOTHING,
    "account.fetch_data": NOTHING,
    "account.enrol": NOTHING,
    "account.index": NOTHING,
    "account.link_sent": NOTHING,
    "account.list_assessments": NOTHING,
    "account.own_data": NOTHING,
    "account.recovery_codes": NOTHING,
    "account.second_factor": NOTHING,
    "account.sessions": NOTHING,
    "account.sign_in": NOTHING,
    "account.use_link": NOTHING,
    "admin.add_assessor": NOTHING,
    "admin.add_membership": NOTHING,
    "admin.barometer": NOTHING,
    "admin.barometers": NOTHING,
    "admin.deactivate": NOTHING,
    "admin.discard_edition": NOTHING,
    "admin.edit_commitment": NOTHING,
    "admin.edit_ministry": NOTHING,
    "admin.edit_organisation": NOTHING,
    "admin.edit_person": NOTHING,
    "admin.edition": shows("figure of a draft edition", to=("administrator",)),
    "admin.end_membership": NOTHING,
    "admin.end_recognition": NOTHING,
    "admin.health": NOTHING,
    "admin.index": NOTHING,
    "admin.invite": NOTHING,
    "admin.journal": NOTHING,
    "admin.list_ministries": NOTHING,
    "admin.list_organisations": NOTHING,
    "admin.list_people": shows("colleague's address", to=("administrator",)),
    "admin.narrow_membership": NOTHING,
    "admin.new_ministry": NOTHING,
    "admin.new_organisation": NOTHING,
    "admin.organisation": shows("assessor's name and address", "citizen's address", to=("administrator",)),
    "admin.person": shows("colleague's address", to=("administrator",)),
    "admin.plan": NOTHING,
    "admin.plan_phase": NOTHING,
    "admin.plan_upload": shows("text of a plan file that waits", to=("administrator",)),
    "admin.plans": NOTHING,
    "admin.publish_edition": NOTHING,
    "admin.reactivate": NOTHING,
    "admin.reforms": NOTHING,
    "admin.reset_second_factor": NOTHING,
    "admin.send_edition": NOTHING,
    "admin.send_plan": NOTHING,
    "admin.settings": NOTHING,
    "admin.succeed_ministry": NOTHING,
    "admin.upload": NOTHING,
    "admin.withdraw_edition": NOTHING,
    "coordination.desk": shows("waiting text", to=("coordinator",)),
    "coordination.route": shows("waiting text", to=("coordinator",)),
    "ministry.answer": shows("waiting text", "draft answer", to=OURS),
    "ministry.ask_citizen": shows("waiting text", to=OURS),
    "ministry.case": shows("waiting text", "name on a waiting text", "draft answer", "internal note", to=READERS),
    "ministry.comment": shows("draft reply", "note on a reply", to=OURS),
    "ministry.comments": NOTHING,
    "ministry.commitments": NOTHING,
    "ministry.decline_offer": shows("waiting text", to=OURS),
    "ministry.desk": shows("waiting text", to=OURS),
    "ministry.edit_meeting": shows("prepared meeting", to=OURS),
    "ministry.extend": shows("waiting text", to=OURS),
    "ministry.hand_over": shows("waiting text", to=OURS),
    "ministry.new_meeting": NOTHING,
    "ministry.no_reply": NOTHING,
    "ministry.note": shows("waiting text", to=READERS),
    "ministry.offer": shows("waiting text", to=OURS),
    "ministry.prepared_meeting": shows("prepared meeting", to=OURS),
    "ministry.prepared_meetings": shows("prepared meeting", to=OURS),
    "ministry.progress": shows("draft update", "remark", to=OURS),
    "ministry.publish": shows("waiting text", "draft answer", to=("validator", "lead")),
    "ministry.publish_progress": shows("draft update", to=OURS),
    "ministry.publish_reply": shows("draft reply", to=("validator", "lead")),
    "ministry.reply": shows("draft reply", to=OURS),
    "ministry.send_back": shows("waiting text", "draft answer", to=OURS),
    "ministry.send_back_progress": shows("draft update", to=OURS),
    "ministry.send_back_reply": shows("draft reply", to=OURS),
    "ministry.withdraw_meeting": shows("prepared meeting", to=OURS),
    "moderation.proposed_meetings": NOTHING,
    "moderation.queue": shows(*WAITING, to=MODERATOR),
    "moderation.review": shows(*WAITING, *DECIDED, to=MODERATOR),
    "moderation.take_off": NOTHING,
    "public.answers_given": NOTHING,
    "public.answers_given_file": NOTHING,
    "public.ask": NOTHING,
    "public.barometer": NOTHING,
    "public.barometers": NOTHING,
    "public.choose_topic": NOTHING,
    "public.citizen_request": NOTHING,
    "public.citizen_requests": NOTHING,
    "public.comment": NOTHING,
    "public.commitment": NOTHING,
    "public.commitments": NOTHING,
    "public.commitments_file": NOTHING,
    "public.confirm": OWN,
    "public.correct": OWN,
    "public.correct_address": OWN,
    "public.edition": NOTHING,
    "public.edition_file": NOTHING,
    "public.metrics": NOTHING,
    "public.well": NOTHING,
    "public.editions": NOTHING,
    "public.home": NOTHING,
    "public.indicator": NOTHING,
    "public.late_milestones": NOTHING,
    "public.legal": NOTHING,
    "public.meeting": NOTHING,
    "public.meeting_file": NOTHING,
    "public.meetings_calendar": NOTHING,
    "public.meetings_list": NOTHING,
    "public.me_too": NOTHING,
    "public.me_too_sent": NOTHING,
    "public.open_data": NOTHING,
    "public.own_me_too": NOTHING,
    "public.private_page": OWN,
    "public.propose_meeting": NOTHING,
    "public.rate": OWN,
    "public.reopen": NOTHING,
    "public.reply": OWN,
    "public.territories": NOTHING,
    "public.territory": NOTHING,
    "public.withdraw": OWN,
    "static": NOTHING,
}

# Mails: the beginning of a mail's key -> the kinds of secrets that it may carry to somebody else than the person they belong to.
MAILS: dict[str, Collection[str]] = {}
