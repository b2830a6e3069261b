"""What people type, as it is stored, searched and cut short."""

import sys
import unicodedata

import pytest
from hypothesis import example
from hypothesis import strategies as st

from feedback_app.domain.text import (
    _WITHOUT_MARKS,
    clean_name,
    clean_typed,
    excerpt,
    fold,
    like_pattern,
    unwritable_characters,
)
from tests.domain.awkward import AWKWARD, FAMILY, RAINBOW_FLAG, SCOTLAND, for_any


class TestCleanTyped:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            pytest.param("e\u0301cole", "\u00e9cole", id="an accent typed apart joins its letter"),
            pytest.param("a\r\nb\rc", "a\nb\nc", id="every line end is one newline"),
            pytest.param("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf", id="the line breaks of word processors are newlines"),
            pytest.param("a\tb", "a b", id="a tab is a space"),
            pytest.param("a\x07\x1b[31mb\x9f", "a[31mb", id="controls go"),
            pytest.param("txt\u202egpj.exe\u2066\u2069\u200f\u200e\u061c", "txtgpj.exe", id="marks of direction go"),
            pytest.param("mi\u200bni\u00adst\u2060ere\ufeff", "ministere", id="what takes no room goes"),
            pytest.param("e\u200b\u0301", "\u00e9", id="a letter meets its accent when what stood between goes"),
            pytest.param("\u3164\u115f\uffa0a\u2800b", "a b", id="blank letters go, a blank pattern is a space"),
            pytest.param("a  \nb\u00a0\n", "a\nb", id="spaces at line ends go"),
            pytest.param("a\n\n\n\n\n\nb", "a\n\n\nb", id="two blank lines at most"),
            pytest.param("a\n \n\t\n \n \nb", "a\n\n\nb", id="a line of spaces is a blank line"),
            pytest.param("\n\n  a\n  b\n\n", "a\n  b", id="the ends are stripped, indentation inside stays"),
            pytest.param("Ah\u00a0? \u00ab\u202foui\u202f\u00bb", "Ah\u00a0? \u00ab\u202foui\u202f\u00bb", id="French spaces stay"),
            pytest.param(
                f"{FAMILY} {RAINBOW_FLAG} 1\ufe0f\u20e3", f"{FAMILY} {RAINBOW_FLAG} 1\ufe0f\u20e3", id="emoji of several parts stay whole"
            ),
            pytest.param(SCOTLAND, SCOTLAND, id="the flag of Scotland stays"),
            pytest.param("\U0001f3f4\U000e0061\U000e0062\U000e007f", "\U0001f3f4", id="a message hidden in tags goes"),
            pytest.param(
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                id="Persian keeps its joiner",
            ),
            pytest.param("\u0d9a\u0dca\u200d\u0dbb", "\u0d9a\u0dca\u200d\u0dbb", id="Sinhala keeps its joiner"),
            pytest.param("pay\u200cpal a\u200db \U0001f469\u200d", "paypal ab \U0001f469", id="a joiner with nothing to join goes"),
            pytest.param("a\ufe0fb\u2764\ufe0f\ufe0f\U000e0155", "ab\u2764\ufe0f", id="a selector stays once, after an emoji"),
            pytest.param("\u8fbb\U000e0100", "\u8fbb\U000e0100", id="an ideograph keeps its variant"),
            pytest.param("Z" + "\u0310" * 40 + "algo", "Z" + "\u0310" * 3 + "algo", id="a flood of marks is held back"),
            pytest.param("a" + "\u20dd" * 9, "a" + "\u20dd" * 3, id="a flood of circles is held back"),
            pytest.param("\uf0b7 un", "\u2022 un", id="the bullet of a word processor becomes one that everybody sees"),
        ],
    )
    def test_keeps_the_words_and_drops_what_deceives(self, typed, stored):
        assert clean_typed(typed) == stored

    def test_what_is_not_searched_for_marks_holds_none(self):
        marks = [sign for sign in map(chr, range(0x110000)) if unicodedata.combining(sign) or unicodedata.category(sign) == "Me"]
        assert len(marks) > 900
        assert [hex(ord(mark)) for mark in marks if _WITHOUT_MARKS.fullmatch(mark)] == []

    def test_a_joiner_does_not_let_a_flood_of_marks_start_again(self):
        cleaned = clean_typed("\u0628" + "\u064b\u064c\u064d\u064e\u200c" * 20)
        assert sum(unicodedata.combining(character) > 0 for character in cleaned) == 3

    @for_any(AWKWARD)
    @example("a\u200d\u200d\U0001f469\u200d\ufe0f\U0001f469")
    @example("\u2adc\ufe0f")  # normalising cuts this sign in two, and the selector then follows a mark
    def test_twice_is_once(self, text):
        assert clean_typed(clean_typed(text)) == clean_typed(text)

    @for_any(AWKWARD)
    def test_no_control_survives_but_the_newline_and_what_the_form_must_refuse(self, text):
        left = {character for character in clean_typed(text) if unicodedata.category(character) == "Cc"}
        assert left <= {"\n", "\x00"}


class TestUnwritable:
    @pytest.mark.parametrize(
        ("text", "named"),
        [("caf\u00e9 \U0001f469\n", None), ("", None), ("a\x00b\x00", "U+0000"), ("\ud83d?\udc00\x00", "U+0000, U+D83D, U+DC00")],
    )
    def test_names_what_no_database_can_hold(self, text, named):
        assert unwritable_characters(text) == named

    @pytest.mark.parametrize("clean", [clean_typed, clean_name])
    def test_is_still_seen_after_cleaning(self, clean):
        assert unwritable_characters(clean("a\x00b\ud83dc")) == "U+0000, U+D83D"


class TestCleanName:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            pytest.param("  Anne\u00a0 Le\tGall ", "Anne Le Gall", id="single spaces"),
            pytest.param("Jean\r\nBcc: tous@exemple.test", "Jean Bcc: tous@exemple.test", id="no header can be added"),
            pytest.param("Jean\x85Paul\u2028Luc\x0bMarc", "Jean Paul Luc Marc", id="no line break of any kind"),
            pytest.param("Jean\u200d\u200c\u200b\u202e\ufe0fPaul", "JeanPaul", id="nothing invisible"),
            pytest.param("Pr\u00e9fecture \u2714\ufe0f", "Pr\u00e9fecture", id="no check mark"),
            pytest.param("\u2713A\u2705B\u2611C\U0001f5f8D", "ABCD", id="no check mark of another shape"),
            pytest.param("\U0001f396 Jean \U0001f6e1\ufe0f \u2b50", "Jean", id="no medal, shield or star"),
            pytest.param("\U0001f1eb\U0001f1f7 \u00c9tat \U0001f3f4", "\u00c9tat", id="no flag"),
            pytest.param("Jean \ue000\uf8ff", "Jean", id="no private-use character"),
            pytest.param("e\u2714\u0301", "\u00e9", id="a letter meets its accent when a badge goes"),
            pytest.param("H" + "\u0336" * 12 + "i", "H" + "\u0336" * 3 + "i", id="a flood of marks is held back"),
            pytest.param(
                "Nguy\u1ec5n \u0141\u00f3d\u017a O\u2019Brien-D\u2019Arc \U0001f642",
                "Nguy\u1ec5n \u0141\u00f3d\u017a O\u2019Brien-D\u2019Arc \U0001f642",
                id="names of all kinds stay",
            ),
            pytest.param("\u2714\u200b\u2800", "", id="nothing legible leaves nothing"),
        ],
    )
    def test_is_one_legible_line(self, typed, stored):
        assert clean_name(typed) == stored

    @for_any(AWKWARD)
    def test_twice_is_once(self, text):
        assert clean_name(clean_name(text)) == clean_name(text)

    @for_any(AWKWARD)
    def test_no_control_or_line_end_survives_but_what_the_form_must_refuse(self, text):
        name = clean_name(text)
        assert {character for character in name if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")} <= {"\x00"}
        assert len(name.splitlines()) <= 1
        assert name == " ".join(name.split())


def test_every_invisible_format_character_of_unicode_is_known():
    """Those that stay are visible signs of Arabic, Syriac and Kaithi, and the joiners, whose place is judged one by one."""
    stay = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    every = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]
    assert [hex(ord(character)) for character in every if clean_typed(f"a{character}b") != "ab" and character not in stay] == []


class TestExcerpt:
    @pytest.mark.parametrize(
        ("text", "length", "shown"),
        [
            ("Bonjour", 7, "Bonjour"),
            ("  Bonjour\n\n\u00e0 tous  ", 20, "Bonjour \u00e0 tous"),
            ("Bonjour \u00e0 tous, et merci", 16, "Bonjour \u00e0 tous\u2026"),
            ("Bonjour \u00e0 tous et merci", 14, "Bonjour \u00e0\u2026"),
            ("Bonjour \u00e0 tous et merci", 15, "Bonjour \u00e0 tous\u2026"),
            ("L\u2019 anticonstitutionnellement", 12, "L\u2019 anticons\u2026"),
            ("anticonstitutionnellement", 10, "anticonst\u2026"),
            ("a" * 7 + "\U0001f469\u200d\U0001f4bb" + "a" * 9, 10, "a" * 7 + "\u2026"),
            ("aaaax\u0301\u0323aaaa", 7, "aaaa\u2026"),
            ("Bonjour", 1, "\u2026"),
            ("", 1, ""),
        ],
    )
    def test_is_the_beginning_cut_between_words(self, text, length, shown):
        assert excerpt(text, length) == shown

    def test_refuses_a_length_without_room(self):
        with pytest.raises(ValueError, match="at least one"):
            excerpt("a", 0)

    @for_any(AWKWARD, st.integers(1, 30))
    def test_is_never_longer_than_asked(self, text, length):
        assert len(excerpt(text, length)) <= length


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("\u00c9t\u00e9", "ete"),
            ("E\u0301te\u0301", "ete"),
            ("C\u0152UR \u0153uvre \u00c6quo", "coeur oeuvre aequo"),
            ("L\u2019\u00eele l\u02bceau l`air l\u00b4or", "l'ile l'eau l'air l'or"),
            ("\u00cele\u2011de\u2013France", "ile-de-france"),
            ("  a\u00a0\n b ", "a b"),
            ("Stra\u00dfe \u0141\u00f3d\u017a \u0130zmir", "strasse lodz izmir"),
            ("m\u00b2 \ufb01n \uff21", "m2 fin a"),
            ("mi\u00adni\u200bst\u00e8re", "ministere"),
        ],
    )
    def test_forgets_what_people_do_not_type_when_they_search(self, text, folded):
        assert fold(text) == folded

    @for_any(AWKWARD)
    def test_twice_is_once(self, text):
        assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("term", "escaped"), [("eau", "eau"), ("50%", "50\\%"), ("a_b", "a\\_b"), ("a\\b", "a\\\\b"), ("\\%", "\\\\\\%"), ("", "")]
)
def test_a_search_term_is_taken_literally_in_a_pattern(term, escaped):
    assert like_pattern(term) == escaped
