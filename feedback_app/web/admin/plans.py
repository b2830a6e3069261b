"""Plans as an administrator sees them: what they hold, their phase and what it means for everybody, their commitments."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, ValidationError

from feedback_app.domain.commitment import PLAN_WORKFLOW, PlanAction, PlanPhase
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import Permission
from feedback_app.models import Plan
from feedback_app.services import plan_overview as service
from feedback_app.services import plan_uploads
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.fields import PageForm
from feedback_app.web.labels import label
from feedback_app.web.transaction import transactional

PAGE_SIZE = 100
# What begins with a phase, for citizens and for ministries.
CONSEQUENCES = {
    PlanPhase.COLLECTING: _l(
        "Les pages disent que le plan recueille des idées et que rien n’est encore promis."
        " Les ministères ne doivent pas encore de nouvelles."
    ),
    PlanPhase.WRITING: _l(
        "Les pages disent que les engagements peuvent encore changer."
        " Les ministères ne doivent pas encore de nouvelles\u00a0: leur silence n’est pas signalé."
    ),
    PlanPhase.RUNNING: _l(
        "Les engagements sont pris. Les ministères doivent des nouvelles\u00a0: trois mois de silence se voient sur la page"
        " de l’engagement, dans le tableau de bord et sur le bureau du ministère."
    ),
    PlanPhase.CLOSED: _l(
        "Les pages disent que le plan est terminé. On peut encore lire, commenter et questionner\u00a0; le ministère peut répondre"
        " que le sujet est clos. Ce qui n’est pas achevé reste dû, et son retard reste visible."
    ),
}


class PhaseForm(PageForm):
    """Which phase comes now. ``seen``: the phase that the page showed."""

    seen = HiddenField()
    move = RadioField(_l("Quelle phase commence\u00a0?"), validate_choice=False)

    def __init__(self, plan: Plan) -> None:
        super().__init__(data={"seen": plan.phase.value})
        self.plan, self.overtaken = plan, False
        self.offer()

    def offer(self) -> None:
        """The phases that can follow the one in which the plan is."""
        phase = self.plan.phase
        targets = {action: PLAN_WORKFLOW.next(phase, action) for action in PLAN_WORKFLOW.actions_from(phase)}
        self.move.choices = [SelectChoice(action.value, label(target)) for action, target in targets.items()]
        self.hints = {action.value: CONSEQUENCES[target] for action, target in targets.items()}

    def validate_move(self, field: RadioField) -> None:
        """One of those."""
        if field.data not in self.hints:
            raise ValidationError(_("Choisissez une phase."))

    def attempt(self) -> bool:
        """Move the plan. Where somebody moved it meanwhile the page shows where it stands now."""
        try:
            service.move(self.plan, PlanAction(self.move.data), seen=str(self.seen.data), administrator=signed_in_actor(), at=now())
        except Conflict:
            self.overtaken = True
            self.seen.data, self.move.data = self.plan.phase.value, None
            self.offer()
            self.form_errors.append(
                _("Ce plan a changé de phase après que vous avez ouvert cette page. Relisez, puis choisissez de nouveau.")
            )
        return not self.overtaken

    @property
    def status(self) -> int:
        return 409 if self.overtaken else 422 if self.errors else 200


def of_address(slug: str) -> Plan:
    """The plan of an address, or 404."""
    return service.find(slug) or abort(404)


@bp.get("/plans/")
@requires(Permission.PLAN_MANAGE)
def plans() -> str:
    """All plans: phase, what they hold, what waits."""
    return render_template("admin/plans.html", found=service.overview(), waiting=plan_uploads.waiting())


@bp.get("/plans/<plan>/")
@requires(Permission.PLAN_MANAGE)
def plan(plan: str) -> str:
    """One plan: its phase, the files that were sent of it, its commitments."""
    found = of_address(plan)
    page = service.commitments(found, Window(request.args.get("apres"), request.args.get("avant"), PAGE_SIZE))
    context = {"plan": found, "page": page, "uploads": plan_uploads.latest(plan), "moves": service.moves(found)}
    return render_template("admin/plan.html", **context)


@bp.route("/plans/<plan>/phase", methods=["GET", "POST"])
@requires(Permission.PLAN_MANAGE)
@transactional
def plan_phase(plan: str) -> Any:
    """Move the plan to another phase."""
    found = of_address(plan)
    form = PhaseForm(found)
    if form.sent() and form.attempt():
        flash(_("Le plan est maintenant dans la phase «\u00a0%(phase)s\u00a0».", phase=label(found.phase)), "success")
        return redirect(url_for(".plan", plan=plan), 303)
    return render_template("admin/plan_phase.html", plan=found, form=form), form.status
