"""Codes, secrets and waits, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from feedback_app.domain import second_factor as rules

NOW = datetime(2026, 3, 2, 10, 0, 10, tzinfo=UTC)


def test_a_secret_is_that_of_one_account_one_seed_and_one_key():
    secrets = {rules.secret_of(seed, account, key) for seed in ("a", "b") for account in (1, 2) for key in (b"x", b"y")}
    assert len(secrets) == 8
    assert rules.secret_of("a", 1, b"x") == rules.secret_of("a", 1, b"x")
    assert all(len(secret) == 32 for secret in secrets)


@pytest.mark.parametrize(("typed", "clean"), [("123 456", "123456"), (" AbCd-efgh ", "abcdefgh"), ("12\u00a034-56", "123456"), ("-", "")])
def test_spaces_hyphens_and_capitals_do_not_count(typed, clean):
    assert rules.typed_code(typed) == clean


def test_the_step_of_a_code_is_found_around_now_only():
    totp = pyotp.TOTP(pyotp.random_base32())
    now = int(NOW.timestamp()) // rules.STEP_SECONDS
    steps = [rules.matching_step(totp.generate_otp(step), totp.secret, at=NOW) for step in range(now - 2, now + 3)]
    assert steps == [None, now - 1, now, now + 1, None]
    assert rules.matching_step("é\ud800", totp.secret, at=NOW) is None


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, None), (1, None), (4, None), (5, 15), (6, None), (10, 30), (15, 60), (40, 720), (5_000, 720)]
)
def test_every_fifth_wrong_code_in_a_row_makes_one_wait_twice_as_long(failures, minutes):
    assert rules.wait_after(failures) == (timedelta(minutes=minutes) if minutes else None)


def test_recovery_codes_can_be_read_aloud_and_are_told_from_the_telephone_s():
    codes = rules.new_recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert not set(code) & set("lo01")
        assert rules.is_recovery_code(rules.typed_code(code))
    assert not rules.is_recovery_code("123456")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Linux"),
        ("<script>curl</script>", None),
        ("", None),
    ],
)
def test_a_browser_is_named_in_two_words_of_ours(said, name):
    from feedback_app.domain.browser import browser_name

    assert browser_name(said) == name
