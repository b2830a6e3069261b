"""Where personal data are: every table, every column that can hold words, and what becomes of it when a person is erased.

Erasure and export (``services/privacy``) do what is declared here and nothing else; ``docs/data-dictionary.md`` is written from
it (``python -m tests.house.data_dictionary``). A table or column that is missing here fails ``tests/house/test_inventory.py``.
Kept alphabetical.
"""

from __future__ import annotations

from feedback_app.domain.inventory import ADDRESS, HASHED_ADDRESS, PERSON, Fate, Holds, Link, Table

PERSONAL, MENTIONS, SECRET, OTHERS, NOTHING = Holds.PERSONAL, Holds.MENTIONS, Holds.SECRET, Holds.OTHERS, Holds.NOTHING
DELETED, BLANKED, CHOSEN, UNLINKED, KEPT = Fate.DELETED, Fate.BLANKED, Fate.CHOSEN, Fate.UNLINKED, Fate.KEPT

_ACCOUNT = (Link("account_id", "account", DELETED),)

INVENTORY: dict[str, Table] = {
    "access_log": Table(
        "A security event: a link asked for, a sign-in, a sign-out.",
        (Link("identity_id", PERSON, BLANKED), Link("concerned_id", PERSON, UNLINKED)),
        {"identity_id": OTHERS, "concerned_id": OTHERS, "address_prefix": PERSONAL, "address_hash": SECRET},
        period="KEEP_ACCESS_LOG_MONTHS",
    ),
    "account": Table("What lets a person sign in.", (Link("identity_id", PERSON, DELETED),), {"name": PERSONAL, "name_folded": PERSONAL}),
    "account_role": Table("A role of a member of staff.", _ACCOUNT),
    "account_session": Table("A signed-in browser.", _ACCOUNT, {"token_hash": SECRET, "browser": PERSONAL}),
    "answer": Table(
        "An answer of a ministry to a request, as far as it is.",
        (Link("published_by_id", PERSON, UNLINKED, theirs=False),),
        {"published_by_id": OTHERS, "request_id": NOTHING, "corrects_id": NOTHING, "duplicate_of_id": NOTHING},
    ),
    "answer_rating": Table(
        "What the person who asked says of an answer.",
        (Link("identity_id", PERSON, BLANKED),),
        {"reason": PERSONAL, "answer_id": NOTHING},
    ),
    "answer_version": Table(
        "One wording of an answer, an official text signed by the ministry.",
        (Link("author_id", PERSON, UNLINKED, theirs=False),),
        {"source": NOTHING, "html": NOTHING, "renderer": NOTHING, "author_id": OTHERS, "answer_id": NOTHING},
    ),
    "assessment": Table(
        "Where a commitment stands for an organisation. Its text is the contribution's.", (Link("contribution_id", "contribution", KEPT),)
    ),
    "assessor": Table("Somebody who assesses in the name of an organisation.", _ACCOUNT, {"name": PERSONAL}),
    "barometer": Table("A series of editions of published results.", columns={"slug": NOTHING, "name": NOTHING}),
    "baseline": Table("An initial value, as published.", columns={"territory": NOTHING, "text": NOTHING}),
    "case_contribution": Table(
        "A citizen's text inside a case.", (Link("contribution_id", "contribution", KEPT),), {"request_id": NOTHING}
    ),
    "case_event": Table(
        "Something that happened, in numbers and enumerations only; append-only.",
        (
            Link("actor_id", PERSON, KEPT),
            Link("person_id", PERSON, KEPT, theirs=False),
            Link("contribution_id", "contribution", KEPT),
        ),
        {
            "subject_id": NOTHING,
            "topic_id": NOTHING,
            "actor_id": OTHERS,
            "before": NOTHING,
            "after": NOTHING,
            "decision_id": NOTHING,
            "request_id": NOTHING,
            "ministry_id": NOTHING,
            "to_ministry_id": NOTHING,
            "person_id": OTHERS,
            "text_id": NOTHING,
        },
        period="for ever",
    ),
    "case_pause": Table("A span in which the clock of a request stood still.", columns={"request_id": NOTHING}),
    "case_text": Table(
        "What staff wrote inside a case: questions and reasons, public or not, and notes. It may speak of the person who asked.",
        (Link("author_id", PERSON, UNLINKED, theirs=False),),
        {"source": MENTIONS, "html": MENTIONS, "renderer": NOTHING, "author_id": OTHERS, "request_id": NOTHING},
    ),
    "citizen_request": Table(
        "A request that a ministry owes an answer to: where its case stands. Its text is the contribution's.",
        (Link("contribution_id", "contribution", KEPT), Link("assignee_id", PERSON, UNLINKED, theirs=False)),
        {"reference": NOTHING, "territory": NOTHING, "assignee_id": OTHERS},
    ),
    "commitment": Table(
        "A promise of a plan, as the plan says it, and where it stands.",
        columns=dict.fromkeys(("title", "title_folded", "lead", "period_raw", "state_actors", "other_actors", "theme"), NOTHING),
    ),
    "commitment_change": Table(
        "One thing that such a change changed, as it was and as it is.",
        columns=dict.fromkeys(("before", "after", "revision_id"), NOTHING),
    ),
    "commitment_indicator": Table("An indicator that measures what a commitment promises."),
    "commitment_revision": Table(
        "Why the words of a commitment were changed, for everybody to read.",
        (Link("by_id", PERSON, UNLINKED, theirs=False),),
        {"reason": NOTHING, "by_id": OTHERS},
    ),
    "commitment_section": Table("One text of a commitment.", columns=dict.fromkeys(("source", "html", "renderer"), NOTHING)),
    "contribution": Table(
        "A text by a citizen on a topic: where it stands.",
        (Link("identity_id", PERSON, UNLINKED), Link("signature_id", "signature", UNLINKED)),
        {"form_key": SECRET, "language": NOTHING, "current_version_id": NOTHING},
    ),
    "edition": Table("One update of a barometer.", columns={"digest": NOTHING, "warnings": NOTHING}),
    "edition_indicator": Table(
        "An indicator as an edition describes it.",
        columns=dict.fromkeys(("name", "name_folded", "unit", "unit_short", "description", "theme", "verb"), NOTHING),
    ),
    "edition_reform": Table("A reform as an edition names it.", columns=dict.fromkeys(("name", "priority_code", "priority_name"), NOTHING)),
    "edition_upload": Table("Files of an edition that an administrator sent, and what became of them.", columns={"problems": NOTHING}),
    "edition_upload_piece": Table("A piece of such a file.", columns={"content": NOTHING}, period="until the job process has read it"),
    "edition_withdrawal": Table("Why an edition was withdrawn, for everybody to read.", columns={"reason": NOTHING}),
    "figure_revision": Table("What an edition changed.", columns=dict.fromkeys(("territory", "old_text", "new_text"), NOTHING)),
    "heartbeat": Table("When a process last showed that it works.", columns={"name": NOTHING}),
    "identity": Table("A person known by an e-mail address.", (Link("id", PERSON, DELETED),), {"email": PERSONAL, "email_key": SECRET}),
    "indicator": Table("An indicator across editions.", columns={"code": NOTHING}),
    "job_run": Table("Work that the job process does once.", columns={"key": NOTHING}, period="30 days once done"),
    "kept_form": Table(
        "What staff or a citizen had typed when their session ended.",
        _ACCOUNT,
        {"path": NOTHING, "fields": MENTIONS},
        period="12 hours, or until it is sent",
    ),
    "me_too": Table(
        "Somebody who asks the same as a public request; it counts once the address is proved.",
        (Link("identity_id", PERSON, DELETED),),
        {"request_id": NOTHING},
        period="KEEP_UNCONFIRMED_DAYS while it does not count",
    ),
    "meeting": Table(
        "A meeting or a production, as far as it is.",
        (Link("contribution_id", "contribution", KEPT), Link("published_by_id", PERSON, UNLINKED, theirs=False)),
        {"published_by_id": OTHERS},
    ),
    "meeting_file": Table("Minutes sent by staff as a file.", columns=dict.fromkeys(("name", "media_type", "content"), NOTHING)),
    "meeting_link": Table("What a meeting is about.", columns={"version_id": NOTHING}),
    "meeting_version": Table(
        "One wording of a meeting: by staff, or by a citizen who proposed it. It may name who organises.",
        (Link("meeting_id", "meeting", CHOSEN), Link("author_id", PERSON, UNLINKED, theirs=False)),
        {
            **dict.fromkeys(("title", "place", "link", "organisers", "description", "minutes"), PERSONAL),
            **dict.fromkeys(("description_html", "minutes_html", "renderer"), NOTHING),
            "author_id": OTHERS,
        },
    ),
    "membership": Table("A right of a member of staff inside one ministry.", _ACCOUNT),
    "membership_scope": Table(
        "A topic or a territory that such a right is narrowed to.",
        (Link("membership_id", "membership", DELETED),),
        {"topic_id": NOTHING, "territory": NOTHING},
    ),
    "milestone": Table(
        "A step of a commitment, as the plan says it.",
        columns=dict.fromkeys(("title", "deliverable", "group", "dates_raw", "criterion"), NOTHING),
    ),
    "ministry": Table(
        "A ministry or institution.",
        columns=dict.fromkeys(("slug", "name", "name_folded", "contact_email", "postal_address", "telephone"), NOTHING),
    ),
    "ministry_name": Table("A name that a ministry had.", columns=dict.fromkeys(("name", "name_folded"), NOTHING)),
    "moderation_decision": Table(
        "What a moderator decided on one version of a text. The facts speak of the text: they are blanked with its author.",
        (Link("version_id", "text_version", BLANKED), Link("moderator_id", PERSON, UNLINKED, theirs=False)),
        {"facts": PERSONAL, "moderator_id": OTHERS},
    ),
    "observation": Table("A value, as published.", columns=dict.fromkeys(("territory", "text", "rate_text"), NOTHING)),
    "official_reply": Table(
        "What a ministry says to a comment, as far as it is, or that no reply is needed.",
        (
            Link("contribution_id", "contribution", KEPT, theirs=False),
            Link("published_by_id", PERSON, UNLINKED, theirs=False),
        ),
        {"published_by_id": OTHERS},
    ),
    "official_reply_note": Table(
        "Why a reply was sent back, or why none is needed: for colleagues. It may speak of the person who commented.",
        (Link("author_id", PERSON, UNLINKED, theirs=False),),
        {"words": MENTIONS, "author_id": OTHERS, "reply_id": NOTHING},
    ),
    "official_reply_version": Table(
        "One wording of a reply, an official text signed by the ministry.",
        (Link("author_id", PERSON, UNLINKED, theirs=False),),
        {"source": NOTHING, "html": NOTHING, "renderer": NOTHING, "author_id": OTHERS, "reply_id": NOTHING},
    ),
    "organisation": Table(
        "An organisation of civil society that the administrator recognised.",
        columns=dict.fromkeys(("name", "name_folded", "website"), NOTHING),
    ),
    "outgoing_mail": Table(
        "A mail that is owed or that left.",
        (Link("identity_id", PERSON, DELETED), Link("recipient", ADDRESS, DELETED)),
        {
            "key": NOTHING,
            "message_id": NOTHING,
            "recipient": PERSONAL,
            "subject": MENTIONS,
            "text": MENTIONS,
            "html": MENTIONS,
            "language": NOTHING,
            "last_error": MENTIONS,
        },
        period="texts: until the mail has left",
    ),
    "personal_export": Table(
        "A copy of their data that a person asked for.",
        (Link("identity_id", PERSON, DELETED),),
        {"language": NOTHING, "token_hash": SECRET, "content": SECRET},
        period="EXPORT_HOURS, or until it was fetched",
    ),
    "plan": Table("An action plan.", columns=dict.fromkeys(("slug", "title", "source", "licence"), NOTHING)),
    "plan_revision": Table(
        "Why what a plan says of itself was changed, and each thing as it was and as it is, for everybody to read.",
        (Link("by_id", PERSON, UNLINKED, theirs=False),),
        {"reason": NOTHING, "changes": NOTHING, "by_id": OTHERS},
    ),
    "plan_upload": Table(
        "A plan file that an administrator sent, and what it changes.",
        columns=dict.fromkeys(("slug", "title", "content", "differences"), NOTHING),
        period="its content: until it is applied or given up, 30 days at most after it was last compared",
    ),
    "planned_erasure": Table("A person is to be erased.", (Link("identity_id", PERSON, DELETED),), period="ERASURE_GRACE_HOURS"),
    "progress_block": Table(
        "One text of such a wording, an official text.", columns=dict.fromkeys(("source", "html", "renderer", "version_id"), NOTHING)
    ),
    "progress_remark": Table(
        "Why a colleague sent a progress update back; never public.",
        (Link("author_id", PERSON, UNLINKED, theirs=False),),
        {"source": NOTHING, "author_id": OTHERS, "update_id": NOTHING},
    ),
    "progress_step": Table(
        "What such a wording says of a milestone or of the commitment: a move, a criterion, evidence.",
        columns=dict.fromkeys(("criterion", "evidence", "version_id"), NOTHING),
    ),
    "progress_update": Table(
        "What a ministry says of a commitment, as far as it is.",
        (Link("published_by_id", PERSON, UNLINKED, theirs=False),),
        {"published_by_id": OTHERS},
    ),
    "progress_version": Table(
        "One wording of a progress update, signed by the ministry.",
        (Link("author_id", PERSON, UNLINKED, theirs=False),),
        {"author_id": OTHERS, "update_id": NOTHING},
    ),
    "public_version": Table("Numbers that change whenever the public reads something else.", columns={"key": NOTHING}),
    "rate_count": Table("How often somebody sent forms.", columns={"key": SECRET}, period="until its window ends"),
    "recovery_code": Table("A code that opens once, for staff without their telephone.", _ACCOUNT, {"code_hash": SECRET}),
    "reference_counter": Table("The last number given to a request in a year."),
    "reform": Table("A reform, and the ministry that answers for it.", columns={"code": NOTHING, "name": NOTHING}),
    "response_figures": Table("How ministries answered, in figures, recomputed each day from the events."),
    "search_text": Table(
        "The stems of a published text and of the answers to it, to be found by; derived, written again by ``services/search.py``.",
        (Link("contribution_id", "contribution", KEPT, theirs=False),),
        {"words": PERSONAL},
        period="as long as the text is public",
    ),
    "second_factor": Table("An authenticator application of staff.", _ACCOUNT, {"seed": SECRET, "key_id": SECRET}),
    "sign_in_link": Table(
        "A one-time link that was asked for.",
        (Link("identity_id", PERSON, DELETED), Link("address_hash", HASHED_ADDRESS, DELETED)),
        {"address_hash": SECRET, "token_hash": SECRET},
    ),
    "signature": Table("A public name under which a person signs.", (Link("identity_id", PERSON, DELETED),), {"name": PERSONAL}),
    "site_state": Table(
        "Whether citizens may write, and what the site says to everybody.",
        columns=dict.fromkeys(("key", "notice_fr", "notice_en"), NOTHING),
    ),
    "sufficed": Table(
        "Somebody, nobody knows who, for whom the answer to an earlier request was enough.",
        columns={"request_id": NOTHING, "form_key": SECRET},
    ),
    "target": Table("A value to reach, as published.", columns={"territory": NOTHING, "text": NOTHING}),
    "text_version": Table("One wording of a text.", (Link("contribution_id", "contribution", CHOSEN),), {"body": PERSONAL}),
    "topic": Table("Anything that people can comment on.", columns={"key": NOTHING, "title": NOTHING}),
    "transfer_offer": Table("One ministry offers a case to another.", columns={"request_id": NOTHING}),
}
