"""The public paths, for whatever is written outside a request (mails, feeds). A test compares them with the URL map."""

from __future__ import annotations

from urllib.parse import quote


def commitment(plan: str, number: int) -> str:
    return f"/engagements/{plan}/{number}"


def commitment_key(plan: str, number: int) -> str:
    """The topic key of a commitment, as ``?sujet=`` carries it."""
    return f"engagement:{plan}:{number}"


def indicator(barometer: str, code: str) -> str:
    return f"/barometre/{barometer}/indicateurs/{quote(code)}"


def indicator_key(barometer: str, code: str) -> str:
    """The topic key of an indicator, as ``?sujet=`` carries it."""
    return f"indicateur:{barometer}:{code}"


def meeting(meeting_id: int) -> str:
    return f"/rendez-vous/{meeting_id}"


def meeting_key(meeting_id: int) -> str:
    """The topic key of a meeting."""
    return f"rendez-vous:{meeting_id}"


def topic(key: str) -> str:
    """The page of a topic, from its key. Raises ``ValueError`` for a kind of topic that has no page."""
    match key.split(":"):
        case ["engagement", plan, number]:
            return commitment(plan, int(number))
        case ["indicateur", barometer, code]:
            return indicator(barometer, code)
        case ["rendez-vous", meeting_id] if meeting_id.isdigit():
            return meeting(int(meeting_id))
        case ["general"]:
            return "/demandes/?sujet=general"
    raise ValueError(f"no page for topic {key!r}")


def request_page(reference: str) -> str:
    """The public page of a request; it is there once its text is published."""
    return f"/demandes/{reference}"


def me_too(token: str) -> str:
    """Where somebody who asks the same as a public request proves their address, and takes it back."""
    return f"/moi-aussi/{token}"


def desk() -> str:
    """The desk of a ministry, for the people who work there."""
    return "/ministere/"


def commitments_desk() -> str:
    """The commitments of a ministry, for the people who work there."""
    return "/ministere/engagements/"


def said_of(plan: str, number: int) -> str:
    """Where the people of its ministry say how a commitment goes."""
    return f"/ministere/engagements/{plan}/{number}"


def comments_desk() -> str:
    """The comments of a ministry, for the people who work there."""
    return "/ministere/commentaires"


def comment_at_its_desk(contribution_id: int) -> str:
    """A comment as the people of its ministry have it before them."""
    return f"/ministere/commentaires/{contribution_id}"


def case(reference: str) -> str:
    """A request as its ministry and the coordination have it before them."""
    return f"/ministere/dossiers/{reference}"


def coordination() -> str:
    """The desk of the coordination."""
    return "/coordination/"


def confirmation(token: str) -> str:
    return f"/confirmer/{token}"


def private_page(token: str) -> str:
    return f"/ma-contribution/{token}"


def rating(token: str, verdict: str = "") -> str:
    """Where the person who asked says whether the answer helped; ``verdict`` is what their mail proposes."""
    return f"/ma-contribution/{token}/avis" + (f"?reponse={verdict}" if verdict else "")


def sign_in(token: str, wanted: str = "") -> str:
    """``wanted``: the path of ours to go on to."""
    return f"/compte/connexion/{token}" + (f"?suite={quote(wanted, safe='/')}" if wanted else "")


def space() -> str:
    return "/compte/"


def own_assessments() -> str:
    """Where the assessors of organisations write."""
    return "/compte/evaluations"


def ask_to_sign_in() -> str:
    return "/compte/connexion"


def own_data(token: str) -> str:
    """Where the copy of a person's data is fetched."""
    return f"/compte/mes-donnees/{token}"


def cancel_erasure(token: str) -> str:
    return f"/compte/effacement/{token}"
