"""A progress update that nobody but its ministry may read yet, and why a colleague sent it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback_app.domain.commitment import UpdateStatus
from feedback_app.models import Ministry
from tests.factories import Make
from tests.progress_factories import said

if TYPE_CHECKING:
    from tests.house.planted import Planted


def plant_progress(make: Make, found: Planted, owner: Ministry) -> None:
    """One proposed update for its review, and one draft that was sent back for the editor."""
    colleague = make.person(ministry=owner)
    proposed, returned = make.commitment(ministry=owner), make.commitment(ministry=owner)
    make.update(proposed, said("Une mirabelle zqxproposedupdate pour tous."), status=UpdateStatus.PROPOSED, contact=colleague)
    draft = make.update(returned, said("Une mirabelle zqxreturnedupdate pour tous."), status=UpdateStatus.PROPOSED, contact=colleague)
    make.sent_back(draft, "Une mirabelle zqxremark pour nous.")
    for kind, mark in (("draft update", "zqxproposedupdate"), ("draft update", "zqxreturnedupdate"), ("remark", "zqxremark")):
        found.add(kind, mark, None, None)
    for endpoint, commitment in (
        ("ministry.publish_progress", proposed),
        ("ministry.send_back_progress", proposed),
        ("ministry.progress", returned),
        ("public.commitment", proposed),
    ):
        found.places[endpoint] = {"plan": commitment.plan.slug, "number": commitment.number}
