"""An accent that nobody could read is refused; from one that is accepted a whole readable family follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedback_app.domain import colours
from feedback_app.domain.colours import Accent, ColourRefused, check, contrast, dark_tokens, light_tokens

CSS = (Path(__file__).parents[2] / "static/css/app.css").read_text()


def skin(mode: int) -> dict[str, str]:
    """The colours of the neutral skin: 0 light, 1 dark (what dark does not change is the light one's)."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[: mode + 1]
    found = {name: value for block in blocks for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block)}
    return {name: value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:]) for name, value in found.items()}


def test_the_grounds_are_those_of_the_skin():
    for mode, grounds, tint in ((0, colours.LIGHT_GROUNDS, colours.LIGHT_TINT), (1, colours.DARK_GROUNDS, colours.DARK_TINT)):
        found = skin(mode)
        assert (tuple(found[name] for name in ("paper", "surface", "sunk")), found["accent-soft"]) == (grounds, tint)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("accent", ["#0b5759", "#6a1b9a", "#b71c1c", "#000000", "#3d6b00", "#00519e", "#7a4b00"])
def test_everything_can_be_read_on_and_with_a_light_accent(accent):
    expect_readable(0, light_tokens(accent), colours.LIGHT_GROUNDS)


@pytest.mark.parametrize("accent", ["#7fcbc6", "#ffffff", "#c9aef0", "#ff9f92", colours.lightened("#b71c1c"), colours.lightened("#000000")])
def test_everything_can_be_read_on_and_with_a_dark_accent(accent):
    expect_readable(1, dark_tokens(accent), colours.DARK_GROUNDS)


def expect_readable(mode: int, tokens: dict[str, str], grounds: tuple[str, ...]) -> None:
    family = skin(mode) | tokens
    inks = ("ink", "soft", "accent", "accent-strong", "info", "success", "warning", "error", "new")
    pairs = [(family[ink], ground) for ink in ("accent", "accent-strong") for ground in grounds]
    pairs += [(family[ink], family["accent-soft"]) for ink in inks]
    pairs += [(family["on-accent"], family[ground]) for ground in ("accent", "accent-strong")]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
    assert [ink for ink in ("edge", "focus") if contrast(family[ink], family["accent-soft"]) < 3] == []


@pytest.mark.parametrize(("colour", "dark", "words"), [("#ffcc00", False, "darker"), ("#0b5759", True, "lighter")])
def test_a_colour_that_nobody_can_read_is_refused_with_its_contrast(colour, dark, words):
    with pytest.raises(ColourRefused, match=rf"{colour} cannot be read .* at least 4.5 is needed, choose a {words} one"):
        check(colour, dark=dark)


@pytest.mark.parametrize("colour", ["red", "#abc", "#12345g", "#1234567", "", "#0b5759;}body{display:none"])
def test_what_is_no_colour_is_refused(colour):
    with pytest.raises(ColourRefused, match="a colour is written like #0b5759"):
        check(colour, dark=False)


def test_the_rules_are_for_screens_and_the_dark_ones_come_last():
    assert Accent().css() == ""
    light, dark = Accent("#6a1b9a").css().splitlines()
    assert light.startswith("@media screen{:root{--accent:#6a1b9a;--accent-strong:#4a136c;--accent-soft:#")
    assert dark.startswith("@media screen and (prefers-color-scheme:dark){:root{--accent:#")
    assert [line.count("{") for line in (light, dark)] == [line.count("}") for line in (light, dark)]
    assert Accent(dark="#ffffff").css().splitlines() == [line for line in Accent(dark="#ffffff").css().splitlines() if "dark" in line]
