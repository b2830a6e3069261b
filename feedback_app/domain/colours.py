"""The accent colour of a site: everything else of its kind follows from it, and what nobody could read is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

TEXT_CONTRAST = 4.5  # WCAG 2.1, 1.4.3, level AA
COMFORT = 7.0  # what a dark accent that we choose ourselves must reach
# What the accent is written on; the tokens paper, surface and sunk of static/css/app.css (a test compares them).
LIGHT_GROUNDS = ("#fbfaf6", "#ffffff", "#f2f0e9")
DARK_GROUNDS = ("#111716", "#192120", "#1e2726")
# The neutral skin's own tints: no tint is darker (in the light) or lighter (in the dark), so that every ink stays readable on it.
LIGHT_TINT = "#e2eeeb"
DARK_TINT = "#183231"
WHITE, BLACK = "#ffffff", "#000000"
_COLOUR = re.compile(r"#[0-9a-f]{6}")

Tokens = dict[str, str]


class ColourRefused(ValueError):
    """This colour cannot be an accent. The message says why, in English, for whoever sets the site up."""


@dataclass(frozen=True)
class Accent:
    """The accents of a site, as ``#rrggbb``; empty: the skin's own."""

    light: str = ""
    dark: str = ""

    def css(self) -> str:
        """The rules that follow the skin's own. Printing stays black."""
        rules = ""
        if self.light:
            rules += f"@media screen{{:root{{{_declarations(light_tokens(self.light))}}}}}\n"
        dark = self.dark or (lightened(self.light) if self.light else "")
        if dark:
            rules += f"@media screen and (prefers-color-scheme:dark){{:root{{{_declarations(dark_tokens(dark))}}}}}\n"
        return rules


def light_tokens(accent: str) -> Tokens:
    """The accent and its family on light paper. Raises ``ColourRefused``."""
    check(accent, dark=False)
    share = 0.0
    while luminance(soft := mixed(accent, WHITE, share)) < luminance(LIGHT_TINT) or contrast(accent, soft) < TEXT_CONTRAST:
        share += 0.01
    return {"accent": accent, "accent-strong": mixed(accent, BLACK, 0.3), "accent-soft": soft, "on-accent": WHITE}


def dark_tokens(accent: str) -> Tokens:
    """The same on dark paper. Raises ``ColourRefused``."""
    check(accent, dark=True)
    share = 0.0
    while luminance(soft := mixed(accent, DARK_GROUNDS[0], share)) > luminance(DARK_TINT) or contrast(accent, soft) < TEXT_CONTRAST:
        share += 0.01
    return {"accent": accent, "accent-strong": mixed(accent, WHITE, 0.4), "accent-soft": soft, "on-accent": BLACK}


def lightened(accent: str) -> str:
    """The nearest colour towards white that is comfortable on dark paper."""
    share = 0.0
    while min(contrast(found := mixed(accent, WHITE, share), ground) for ground in DARK_GROUNDS) < COMFORT:
        share += 0.01
    return found


def check(colour: str, *, dark: bool) -> None:
    """Raises ``ColourRefused`` unless this can be the accent, on dark paper or on light."""
    if not _COLOUR.fullmatch(colour):
        raise ColourRefused(f"a colour is written like #0b5759, not {colour!r}")
    if dark:
        _expect_readable(colour, DARK_GROUNDS, "dark", "lighter")
    else:
        _expect_readable(colour, LIGHT_GROUNDS, "light", "darker")


def mixed(colour: str, other: str, share: float) -> str:
    """``colour`` with this share (0 to 1) of ``other`` in it."""
    share = min(share, 1.0)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(_parts(colour), _parts(other), strict=True))


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.1, 0 to 1."""
    channels = (part / 255 for part in _parts(colour))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _expect_readable(accent: str, grounds: tuple[str, ...], paper: str, towards: str) -> None:
    worst = min(grounds, key=lambda ground: contrast(accent, ground))
    if contrast(accent, worst) < TEXT_CONTRAST:
        raise ColourRefused(
            f"{accent} cannot be read on {paper} paper: its contrast with {worst} is {contrast(accent, worst):.2f}, "
            f"at least {TEXT_CONTRAST} is needed, choose a {towards} one"
        )


def _declarations(tokens: Tokens) -> str:
    return ";".join(f"--{name}:{value}" for name, value in tokens.items())
