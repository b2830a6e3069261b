"""What an import did, in numbers and in French words for the operator's command."""

from __future__ import annotations

from dataclasses import dataclass, field

from feedback_app.domain.commitment import MinistryKind, SectionKind, WordField
from feedback_app.services.plan_differences import Differences

WORDS = {
    "end": "fin",
    "kind": "nature",
    "lead": "services chargés",
    "licence": "licence",
    "ministry": "ministère responsable",
    "other_actors": "autres acteurs",
    "period_raw": "période",
    "phase": "phase",
    "source": "source",
    "start": "début",
    "state_actors": "acteurs publics",
    "theme": "thème",
    "title": "titre",
    "title_folded": "titre",
}
SECTION_WORDS = {
    SectionKind.PROBLEM: "texte « problème »",
    SectionKind.COMMITMENT: "texte « engagement »",
    SectionKind.CONTRIBUTION: "texte « contribution »",
    SectionKind.OGP_RELEVANCE: "texte « gouvernement ouvert »",
    SectionKind.ADDITIONAL_INFO: "texte « informations complémentaires »",
}
# What a difference is about, in the words of the command.
FIELD_WORDS = {
    **{WordField(name): words for name, words in WORDS.items() if name in set(WordField)},
    **{WordField(kind.value): words for kind, words in SECTION_WORDS.items()},
    WordField.MILESTONE: "jalon",
    WordField.MILESTONE_ORDER: "ordre des jalons",
    WordField.MILESTONE_TITLE: "titre du jalon",
    WordField.MILESTONE_DELIVERABLE: "livrable du jalon",
    WordField.MILESTONE_GROUP: "rubrique du jalon",
    WordField.MILESTONE_DATES_RAW: "date écrite du jalon",
    WordField.MILESTONE_START: "début du jalon",
    WordField.MILESTONE_END: "fin du jalon",
    WordField.MILESTONE_WEIGHT: "poids du jalon",
}
MINISTRY_WORDS = {MinistryKind.MINISTRY: "ministère", MinistryKind.INSTITUTION: "institution"}


@dataclass
class Tally:
    """What became of the rows of one kind. ``removed``: no longer in the file, and taken away."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def in_file(self) -> int:
        return self.created + self.changed + self.unchanged

    def count(self, *, changed: bool) -> None:
        """Count a row that was there before."""
        self.changed += changed
        self.unchanged += not changed


@dataclass
class ImportReport:
    """What an import changed. ``changes``: in French words, a line for each thing. ``missing``: commitments that the file lost.

    ``differences``: the same, thing by thing, with what was and what is.
    """

    slug: str
    plan: Tally = field(default_factory=Tally)
    ministries: Tally = field(default_factory=Tally)
    commitments: Tally = field(default_factory=Tally)
    milestones: Tally = field(default_factory=Tally)
    changes: list[str] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    differences: Differences = field(default_factory=Differences)

    def tallies(self) -> dict[str, Tally]:
        """The tallies by the kind of thing they count."""
        return {"plan": self.plan, "ministries": self.ministries, "commitments": self.commitments, "milestones": self.milestones}

    def as_dict(self) -> dict[str, object]:
        """The same for ``--json``: how many of each kind the file holds, then what became of them."""
        tallies = self.tallies()
        return {
            "plan": self.slug,
            "ministries": self.ministries.in_file,
            "commitments": self.commitments.in_file,
            "milestones": self.milestones.in_file,
            "created": {kind: tally.created for kind, tally in tallies.items()},
            "changed": {kind: tally.changed for kind, tally in tallies.items()},
            "unchanged": {kind: tally.unchanged for kind, tally in tallies.items()},
            "removed": {"milestones": self.milestones.removed},
            "missing": self.missing,
            "changes": self.changes,
        }
