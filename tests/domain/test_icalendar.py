"""The calendar as the programs that subscribe to it read it (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedback_app.domain.icalendar import LINE, Entry, calendar, escape, fold

START = datetime(2026, 3, 15, 13, 30, tzinfo=UTC)


def entry(**changes) -> Entry:
    values = {
        "uid": "rendez-vous-7@exemple.fr",
        "changed_at": datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
        "sequence": 2,
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "title": "Atelier",
        "place": "Paris",
        "description": "Venez.",
        "url": "https://exemple.fr/rendez-vous/7",
    }
    return Entry(**{**values, **changes})


def properties(text: str) -> dict[str, str]:
    """The properties of the one entry, unfolded and read back as RFC 5545 says."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")
    inside = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in inside)


def unescaped(value: str) -> str:
    found, position = "", 0
    while position < len(value):
        if value[position] == "\\":
            position += 1
            found += "\n" if value[position] == "n" else value[position]
        else:
            assert value[position] not in ";,"
            found += value[position]
        position += 1
    return found


def test_an_entry_says_when_where_and_what_in_utc():
    found = properties(calendar("Site", "-//x//FR", [entry()]))
    assert (found["DTSTART"], found["DTEND"]) == ("20260315T133000Z", "20260315T153000Z")
    assert (found["UID"], found["SEQUENCE"], found["LOCATION"]) == ("rendez-vous-7@exemple.fr", "2", "Paris")
    assert set(found) == {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "URL"}


def test_what_has_no_end_place_or_description_says_nothing_of_it():
    found = properties(calendar("Site", "-//x//FR", [entry(ends_at=START, place="", description="")]))
    assert {"DTEND", "LOCATION", "DESCRIPTION"} & set(found) == set()


def test_no_text_opens_a_line_of_its_own():
    title = "Atelier\r\nEND:VEVENT\r\nBEGIN:VALARM; a, b\\c"
    text = calendar("Si;te", "-//x//FR", [entry(title=title, url="https://exemple.fr/\r\nATTACH:x")])
    assert text.count("\r\nBEGIN:") == 1
    assert text.count("\r\nEND:") == 2
    assert "\r\nATTACH" not in text
    assert unescaped(properties(text)["SUMMARY"]) == title.replace("\r\n", "\n")


@given(st.text(max_size=300))
def test_any_text_comes_back_and_no_line_is_too_long(text):
    whole = calendar("Site", "-//x//FR", [entry(title="x" + text)])
    assert all(len(line.encode()) <= LINE for line in whole.split("\r\n"))
    plain = "".join(
        letter for letter in text.replace("\r\n", "\n").replace("\r", "\n") if letter == "\n" or not (letter < " " or letter == "\x7f")
    )
    assert unescaped(properties(whole)["SUMMARY"]) == "x" + plain


@given(st.text(alphabet="aé€😀", max_size=200))
def test_no_letter_is_cut(text):
    pieces = list(fold(text))
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == text
    assert escape("a\tb") == "ab"
