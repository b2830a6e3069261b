"""``make.plan_upload``: a plan file that an administrator sent, by the services, as everything in ``factories``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback_app.domain.policy import Role
from feedback_app.importers.plan import read_plan
from feedback_app.models import PlanUpload
from feedback_app.services import plan_uploads, plans, sign_in
from tests.plan_files import Document, as_bytes, plan_file, revised_plan


class MakePlans:
    """The part of ``Make`` that is about plan files."""

    clock: Callable[[], Any]

    def imported_plan(self, document: Document | None = None) -> None:
        """The plan of a file, as the operator's command imports it."""
        make: Any = self
        with make._work():
            plans.import_plan(read_plan(as_bytes(document or plan_file())), at=self.clock())

    def plan_upload(self, document: Document | None = None, *, applied: bool = False) -> PlanUpload:
        """A file that changes something, and waits to be read, or was applied."""
        make: Any = self
        person = make.person(roles=(Role.ADMINISTRATOR,))
        with make._work():
            content, administrator = as_bytes(document or revised_plan()), sign_in.actor_of(person)
            sent = plan_uploads.receive(content, administrator=administrator, at=self.clock())
            assert sent is not None, "this file changes nothing"
            if applied:
                seen = plan_uploads.differences(sent).digest
                plan_uploads.apply(sent, reason="Le plan a été amendé.", seen=seen, administrator=administrator, at=self.clock())
            return make._done(sent)
