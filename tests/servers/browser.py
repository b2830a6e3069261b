"""Where the browser is, and how to start it. ``playwright.chromium.launch(**browser.launch_options())``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

DEBIAN = Path("/usr/bin/chromium")
# Nothing of it looks outside: the tests' pages are on loopback.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> Path | None:
    """Debian's Chromium, else one on PATH."""
    if os.access(DEBIAN, os.X_OK):
        return DEBIAN
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(found) if found else None


def available() -> tuple[bool, str]:
    """Whether there is a browser here, else why not."""
    return (True, "") if find() else (False, "Chromium is not installed")


def launch_arguments() -> list[str]:
    """Its arguments; as root it refuses to start with its sandbox."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def launch_options(*, headless: bool = True) -> dict[str, Any]:
    """What Playwright's ``launch`` takes."""
    return {"executable_path": str(find()), "args": launch_arguments(), "headless": headless}
