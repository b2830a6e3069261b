"""Whether units of systemd can be checked here."""

from __future__ import annotations

import shutil


def available() -> tuple[bool, str]:
    """``systemd-analyze`` needs no running systemd to check a file."""
    return (True, "") if shutil.which("systemd-analyze") else (False, "systemd-analyze is not installed")
