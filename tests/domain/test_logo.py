"""A logo is a small image that does nothing."""

from __future__ import annotations

import pytest

from feedback_app.domain.logo import LARGEST, LogoRefused, suffix_of

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)


@pytest.mark.parametrize(
    "inner",
    ["", '<path d="M0 0"/>', '<use href="#a"/>', '<image xlink:href="data:image/png;base64,AA"/>', "<style>path{fill:red}</style>", "é"],
)
def test_a_drawing_is_accepted(inner):
    assert suffix_of(f"<?xml version='1.0'?>{OPEN}{inner}</svg>".encode()) == "svg"


def test_a_png_is_accepted():
    assert suffix_of(PNG) == "png"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "neither an SVG nor a PNG"),
        (b"GIF89a", "neither an SVG nor a PNG"),
        (b"<html></html>", "neither an SVG nor a PNG"),
        (b"<svg/>", "neither an SVG nor a PNG"),
        (PNG[:20], "broken PNG"),
        (f"{OPEN}<a>".encode(), "broken SVG"),
        (f"{OPEN}<script>1</script></svg>".encode(), "holds <script>"),
        (f"{OPEN}<foreignObject/></svg>".encode(), "holds <foreignObject>"),
        (f"{OPEN}<path onclick='a()'/></svg>".encode(), "holds a script"),
        (f"{OPEN}<image href='https://elsewhere.example/a.png'/></svg>".encode(), "refers to another file"),
        (f"{OPEN}<a xlink:href=' javascript:a()'/></svg>".encode(), "refers to another file"),
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{OPEN}&a;</svg>".encode(), "document type"),
        (OPEN.encode() + b" " * LARGEST, "larger than 40 kB"),
    ],
)
def test_anything_else_is_refused_with_its_reason(content, words):
    with pytest.raises(LogoRefused, match=words):
        suffix_of(content)
