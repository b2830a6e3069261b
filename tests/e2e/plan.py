"""The imported plan, read again with plain ``json``: what the pages must show."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
SECTIONS = ("problem", "commitment", "contribution", "ogp_relevance", "additional_info")


def in_french(day: str) -> str:
    """``2021-09-30`` as a page writes it."""
    found = date.fromisoformat(day)
    return f"{found.day}{'er' if found.day == 1 else ''} {MONTHS[found.month - 1]} {found.year}"


@dataclass(frozen=True)
class PlanOnPaper:
    """One plan and the commitment of it that the journey is about: the first with bold words, bullets, a period and milestones."""

    document: dict[str, Any]

    @classmethod
    def read(cls, file: Path) -> PlanOnPaper:
        return cls(json.loads(file.read_bytes()))

    @property
    def slug(self) -> str:
        return str(self.document["plan"]["slug"])

    @property
    def title(self) -> str:
        return str(self.document["plan"]["title"])

    @property
    def commitments(self) -> list[dict[str, Any]]:
        return list(self.document["commitments"])

    @property
    def chosen(self) -> dict[str, Any]:
        return next(c for c in self.commitments if c["milestones"] and all(c["period"].values()) and _has_bold_and_bullets(c))

    @property
    def ministry(self) -> str:
        """The name of the ministry of the chosen commitment."""
        return next(str(m["name"]) for m in self.document["ministries"] if m["slug"] == self.chosen["ministry"])

    def titles_of_the_ministry(self) -> list[str]:
        return [str(c["title"]) for c in self.commitments if c["ministry"] == self.chosen["ministry"]]

    @property
    def path(self) -> str:
        return f"/engagements/{self.slug}/{self.chosen['number']}"

    @property
    def topic(self) -> str:
        return f"engagement:{self.slug}:{self.chosen['number']}"

    def bold(self) -> str:
        """Bold words of its texts."""
        return str(re.findall(r"\*\*([^*]+)\*\*", self._rich_text())[0]).strip()

    def bullet(self) -> str:
        """The beginning of a bullet without marks in it."""
        bullets = [line[2:] for line in self._rich_text().splitlines() if line.startswith("- ")]
        return re.split(r"[*_\[`\\<&]", bullets[0].lstrip("*"))[0].strip()[:60].strip()

    def _rich_text(self) -> str:
        return next(c for c in (str(self.chosen.get(name) or "") for name in SECTIONS) if "**" in c and "\n- " in c)


def _has_bold_and_bullets(commitment: dict[str, Any]) -> bool:
    return any("**" in text and "\n- " in text for text in (str(commitment.get(name) or "") for name in SECTIONS))
