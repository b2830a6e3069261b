"""A folder with the structure of the npm package ``@gouvfr/dsfr``, all of it ours: no file of the DSFR is in this repository."""

from __future__ import annotations

import json
from pathlib import Path

SHEET = (
    "@font-face{font-family:Ours;src:url(fonts/Ours.woff2) format('woff2'),url(fonts/Ours.woff) format('woff')}"
    ".fr-alert:before{mask-image:url(\"icons/system/ours.svg\")}.fr-a{background:url('icons/system/ours.svg?v=1#a')}"
    ".fr-b{background:url(\"data:image/svg+xml;charset=utf8,<svg xmlns='http://www.w3.org/2000/svg'><g fill='url(#a)'/></svg>\")}"
)
FILES = {
    "dist/dsfr.min.css": SHEET,
    "dist/dsfr.module.min.js": "alert(1)",
    "dist/fonts/Ours.woff2": "font",
    "dist/fonts/Ours.woff": "a longer font",
    "dist/icons/system/ours.svg": "<svg/>",
    "dist/icons/system/unused.svg": "<svg/>",
    "dist/favicon/favicon.svg": "<svg></svg>",
    "dist/utility/utility.min.css": ".fr-icon{}",
}
NEEDED = {"dsfr.min.css", "favicon/favicon.svg", "fonts/Ours.woff2", "icons/system/ours.svg"}


def make_dsfr(folder: Path, *, name: str = "@gouvfr/dsfr", version: str = "1.99.0", sheet: str = SHEET) -> Path:
    """The package unpacked in ``folder``."""
    for path, content in {**FILES, "dist/dsfr.min.css": sheet, "package.json": json.dumps({"name": name, "version": version})}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    return folder
