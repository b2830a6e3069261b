"""How personal data are checked, compared, masked, shortened and hashed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.domain.personal_data import (
    EMAIL_MAX,
    EmailProblem,
    InvalidEmail,
    clean_email,
    email_key,
    hash_token,
    keyed_hash,
    mask_email,
    new_token,
    truncate_address,
)


class TestCleanEmail:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("anne@exemple.test", "anne@exemple.test"),
            ("anne@example.org", "anne@example.org"),
            ("  Anne.Le-Gall+ds@Exemple.TEST\n", "Anne.Le-Gall+ds@exemple.test"),
            ("\u00a0\u200banne@exemple.test\ufeff", "anne@exemple.test"),
            ("Postmaster@exemple.test", "Postmaster@exemple.test"),
            ("o'brien@exemple.test", "o'brien@exemple.test"),
            ("anne@ACAD\u00c9MIE.fr", "anne@xn--acadmie-eya.fr"),
            ("anne@service.gouv.fr", "anne@service.gouv.fr"),
        ],
    )
    def test_keeps_what_was_typed_before_the_at_and_writes_the_domain_in_one_way(self, typed, stored):
        assert clean_email(typed) == stored
        assert clean_email(stored) == stored

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            ("", EmailProblem.EMPTY),
            (" \u00a0", EmailProblem.EMPTY),
            ("anne", EmailProblem.MISSING_AT),
            ("anne.exemple.test", EmailProblem.MISSING_AT),
            ("anne\uff20exemple.test", EmailProblem.MISSING_AT),
            ("anne@exemple.test\r\nBcc: tous@exemple.test", EmailProblem.FORBIDDEN_CHARACTER),
            ("anne\x00@exemple.test", EmailProblem.FORBIDDEN_CHARACTER),
            ("anne@exemple.test\u2028x", EmailProblem.FORBIDDEN_CHARACTER),
            ("anne@exem\ud800ple.test", EmailProblem.FORBIDDEN_CHARACTER),
            ("Anne <anne@exemple.test>", EmailProblem.DISPLAY_NAME),
            ("<anne@exemple.test>", EmailProblem.DISPLAY_NAME),
            ("h\u00e9l\u00e8ne@exemple.test", EmailProblem.ACCENT_BEFORE_AT),
            ("a" * 245 + "@exemple.test", EmailProblem.TOO_LONG),
            ("anne@localhost", EmailProblem.MALFORMED),
            ("anne@test", EmailProblem.MALFORMED),
            ("anne@imprimante.local", EmailProblem.MALFORMED),
            ("anne@exemple", EmailProblem.MALFORMED),
            ("anne@[192.0.2.1]", EmailProblem.MALFORMED),
            ('"anne le"@exemple.test', EmailProblem.MALFORMED),
            ("anne..b@exemple.test", EmailProblem.MALFORMED),
            ("anne@b@exemple.test", EmailProblem.MALFORMED),
            ("anne @exemple.test", EmailProblem.MALFORMED),
            ("anne@exemple.test.", EmailProblem.MALFORMED),
            ("anne@exemple.test,luc@exemple.test", EmailProblem.MALFORMED),
            ("@exemple.test", EmailProblem.MALFORMED),
        ],
    )
    def test_says_why_it_refuses_an_address_without_repeating_it(self, typed, reason):
        with pytest.raises(InvalidEmail) as refused:
            clean_email(typed)
        assert refused.value.reason is reason
        assert str(refused.value) == reason.value

    def test_an_address_that_grows_too_long_in_its_ascii_form_is_refused(self):
        typed = "a" * 60 + "@" + ".".join(["\u00e9a" * 20] * 4) + ".fr"
        assert len(typed) <= EMAIL_MAX
        with pytest.raises(InvalidEmail):
            clean_email(typed)

    @settings(deadline=None)
    @given(st.text(max_size=40) | st.from_regex(r"[a-zA-Z\s.<>\"@\x00é-]{1,12}@[a-zé.-]{1,12}\.fr"))
    def test_either_refuses_or_returns_what_is_safe_in_a_mail_header(self, text):
        try:
            email = clean_email(text)
        except InvalidEmail:
            return
        assert email.isascii()
        assert email.isprintable()
        assert " " not in email
        assert email.count("@") == 1
        assert clean_email(email) == email


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anne@exemple.test", "anne@exemple.test", True),
        (" anne@exemple.test ", "ANNE@EXEMPLE.TEST", True),
        ("an.ne@exemple.test", "anne@exemple.test", False),
        ("anne+a@exemple.test", "anne@exemple.test", False),
    ],
)
def test_an_address_is_the_same_whatever_its_capitals_and_nothing_else_is_merged(one, other, same):
    assert (email_key(one) == email_key(other)) is same


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("jeanne@exemple.org", "j\u2026@e\u2026.org"),
        ("jo@e.org", "j\u2026@e\u2026.org"),
        ("j@exemple.org", "j\u2026@e\u2026.org"),
        ("anne@service.interieur.gouv.fr", "a\u2026@s\u2026.fr"),
        ("anne@localhost", "a\u2026@\u2026"),
        ("pas une adresse", ""),
    ],
)
def test_a_masked_address_shows_neither_its_length_nor_its_middle(email, masked):
    assert mask_email(email) == masked


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        (" 203.0.113.77 ", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("inconnue", ""),
        ("203.0.113.77, 198.51.100.1", ""),
        ("203.0.113.256", ""),
        ("3405803853", ""),
    ],
)
def test_a_shortened_address_names_a_network_and_nobody(ip, network):
    assert truncate_address(ip) == network


class TestKeyedHash:
    def test_is_stable_and_in_hexadecimal(self):
        assert keyed_hash("anne", "cl\u00e9", "rate") == keyed_hash("anne", "cl\u00e9".encode(), "rate")
        assert re.fullmatch("[0-9a-f]{64}", keyed_hash("anne", "cl\u00e9", "rate"))

    def test_changes_with_the_value_the_key_and_the_purpose(self):
        hashes = {
            keyed_hash(*parts)
            for parts in [("a", "k", "p"), ("b", "k", "p"), ("a", "l", "p"), ("a", "k", "q"), ("pa", "k", "p"), ("", "k", "pa")]
        }
        assert len(hashes) == 6

    def test_takes_half_a_character_without_crashing(self):
        assert keyed_hash("\ud800", "k", "p") != keyed_hash("\ud801", "k", "p")

    @pytest.mark.parametrize(("key", "purpose"), [("", "p"), (b"", "p"), ("k", "")])
    def test_refuses_to_work_without_a_key_or_a_purpose(self, key, purpose):
        with pytest.raises(ValueError, match="key and a purpose"):
            keyed_hash("a", key, purpose)


def test_a_token_is_long_different_each_time_and_safe_in_an_address():
    tokens = {new_token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_only_the_sha_256_of_a_token_is_kept():
    assert hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_token("\ud800") != hash_token("")
