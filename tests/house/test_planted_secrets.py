"""Every way out, tried with planted secrets (rule 10 of the house): pages, lists, searches, counts, titles, headers, refusals, mails."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.house.planted import OTHER_WORD, WORD, Secret
from tests.house.walk import PEOPLE, Answer, Site, address_of
from tests.house.ways_out import MAILS, WAYS_OUT

# They differ from one page to the next, whatever was searched for.
KEYS = re.compile(r'<input[^>]*name="(?:key|csrf_token)"[^>]*>')


def people_s_own(site: Site) -> Iterator[Secret]:
    """The names and addresses of those who walk: staff too have a right to privacy."""
    for person in PEOPLE[1:]:
        yield Secret(
            "colleague's address" if person != "citizen" else "citizen's address", address_of(person), recipient=address_of(person)
        )


def secrets(site: Site) -> list[Secret]:
    return [*site.planted.secrets, *people_s_own(site)]


def leaks(site: Site, answer: Answer) -> list[str]:
    """The secrets in an answer that this person may not see there."""
    way, found = WAYS_OUT.get(answer.rule.endpoint), []
    for secret in secrets(site):
        if secret.mark not in answer.seen or secret.mark in answer.sent or secret.mark == address_of(answer.person):
            continue
        own = way is not None and way.own and secret.subject is not None and secret.subject == answer.subject
        shown = way is not None and answer.admitted and way.may_show(secret.kind, answer.person)
        if not (own or shown):
            found.append(f"{answer.method} {answer.path} ({answer.status}) shows {answer.person} a {secret.kind}: {secret.mark}")
    return found


def test_every_address_that_can_be_read_is_classed(walked_site):
    readable = {rule.endpoint for rule in walked_site.rules() if "GET" in (rule.methods or set())}
    assert readable - set(WAYS_OUT) == set(), (
        "say in WAYS_OUT (tests/house/ways_out.py) which planted secrets it may show: NOTHING for most"
    )
    assert set(WAYS_OUT) - readable == set(), "WAYS_OUT (tests/house/ways_out.py) names addresses that are gone"


def test_no_secret_comes_out_where_it_must_not(walked_site, answers):
    assert [leak for answer in answers for leak in leaks(walked_site, answer)] == []


def test_every_secret_that_a_page_may_show_is_really_there(walked_site, answers):
    """Else the classes would be wider than the site, and a secret that was never planted would prove nothing."""
    kinds = {secret.kind: [] for secret in secrets(walked_site)}
    for secret in secrets(walked_site):
        kinds[secret.kind].append(secret.mark)
    for endpoint, way in WAYS_OUT.items():
        assert set(way.shows) <= set(kinds), f"{endpoint}: no secret of this kind is planted (tests/house/planted.py)"
        seen = "".join(a.seen for a in answers if a.rule.endpoint == endpoint and a.admitted)
        assert [kind for kind in way.shows if not any(mark in seen for mark in kinds[kind])] == [], (
            f"{endpoint} shows less than WAYS_OUT says"
        )
        assert not way.own or any(secret.mark in seen for secret in walked_site.planted.secrets), endpoint


def test_every_secret_is_planted_where_somebody_may_see_it(walked_site, answers):
    seen = "".join(a.seen for a in answers)
    never = [secret for secret in walked_site.planted.secrets if secret.mark not in seen]
    # A figure is planted as each language and each file writes it: one way of writing it is enough.
    shown = {secret.kind for secret in walked_site.planted.secrets if secret.mark in seen}
    never = [secret for secret in never if not (secret.kind == "figure of a draft edition" and secret.kind in shown)]
    assert {secret.kind for secret in never} <= {"citizen's address"}, "planted, but not found even by those who may see it"


def test_neither_search_nor_count_tells_that_a_secret_exists(walked_site, answers):
    """A search for a word of the secrets gives the same page as one for a word that nobody wrote."""
    for answer in answers:
        way = WAYS_OUT.get(answer.rule.endpoint)
        if (
            answer.method != "GET"
            or answer.status != 200
            or way is None
            or way.own
            or any(way.may_show(k, answer.person) for k in way.shows)
        ):
            continue
        pages = [asked(walked_site, answer, word).replace(WORD, "").replace(OTHER_WORD, "") for word in (WORD, OTHER_WORD)]
        assert pages[0] == pages[1], f"{answer.path}: searching tells {answer.person} that a secret is there"


def asked(site: Site, answer: Answer, word: str) -> str:
    separator = "&" if "?" in answer.path else "?"
    page = site.browser(answer.person).get(f"{answer.path}{separator}q={word}", buffered=True).get_data()
    return KEYS.sub("", page.decode("utf-8", "replace"))


@pytest.mark.parametrize("path", ["/engagements/nulle-part/1", "/moderation/textes/999999", "/en/compte/nulle-part", f"/{WORD}"])
@pytest.mark.parametrize("person", ["anonymous", "citizen", "other contact"])
def test_a_page_that_is_not_there_tells_nothing(walked_site, path, person):
    page = walked_site.browser(person).get(path).get_data(as_text=True)
    assert [secret.mark for secret in walked_site.planted.secrets if secret.mark in page] == []


def test_a_mail_carries_no_secret_to_another_person(walked_site):
    for mail in walked_site.make.mails():
        kinds = {kind for prefix, kinds in MAILS.items() if mail.key.startswith(prefix) for kind in kinds}
        whole = f"{mail.subject}\n{mail.text}\n{mail.html}"
        carried = [s for s in secrets(walked_site) if s.mark in whole and s.recipient != mail.recipient and s.kind not in kinds]
        assert carried == [], f"{mail.key} to {mail.recipient}"


def test_a_leak_is_found(walked_site, answers):
    """The reader itself, tried on a page that shows what it must not."""
    home = next(a for a in answers if a.rule.endpoint == "public.home" and a.person == "anonymous")
    secret = walked_site.planted.secrets[0]
    leaking = Answer(home.rule, home.person, "GET", "/", 200, f"{home.seen}{secret.mark}")
    assert leaks(walked_site, leaking) == [f"GET / (200) shows anonymous a {secret.kind}: {secret.mark}"]
