"""Plan files of fictitious institutions, for tests to spoil."""

from __future__ import annotations

import copy
import json
from typing import Any

Document = dict[str, Any]

PLAN: Document = {
    "format": "devoir-de-suite/plan",
    "version": 1,
    "plan": {"slug": "essai-2030", "title": "Plan d’essai", "start": "2030-01-01", "end": "2031-12-31", "status": "running"},
    "ministries": [{"slug": "phares", "name": "Ministère des Phares", "kind": "ministry"}],
    "commitments": [
        {
            "number": 1,
            "title": "Allumer les phares",
            "ministry": "phares",
            "problem": "Il fait nuit sur la côte.",
            "milestones": [{"title": "Acheter une lampe", "end": "2030-06-30"}, {"title": "Peindre la tour"}, {"title": "Inaugurer"}],
        },
        {"number": 2, "title": "Éteindre les phares", "ministry": "phares"},
    ],
}


def plan_file(**changes: Any) -> Document:
    """The plan, with what a test says otherwise of the plan itself."""
    document = copy.deepcopy(PLAN)
    document["plan"] |= changes
    return document


def revised_plan() -> Document:
    """One commitment reworded, a milestone later, one under another title, one gone; a new one of an unknown ministry; one absent."""
    document = plan_file()
    document["ministries"].append({"slug": "marees", "name": "Conseil des marées", "kind": "institution"})
    document["commitments"][0] |= {
        "title": "Allumer tous les phares",
        "problem": "Il fait très nuit sur la côte.",
        "milestones": [{"title": "Acheter une lampe", "end": "2030-09-30"}, {"title": "Former les gardiens"}],
    }
    document["commitments"][1] = {"number": 3, "title": "Publier les marées", "ministry": "marees", "milestones": [{"title": "Un"}]}
    return document


def as_bytes(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
