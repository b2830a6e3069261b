"""What a person calls their browser: enough to recognise one's own session, not enough to recognise a person."""

from __future__ import annotations

# The first that is named wins: most browsers also call themselves by the names below theirs.
_BROWSERS = (("Firefox/", "Firefox"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Chrom", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str | None:
    """``"Firefox, Windows"``, from what a browser says of itself; None when it says nothing that is known."""
    names = [next((name for mark, name in kinds if mark in user_agent), "") for kinds in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, names)) or None
