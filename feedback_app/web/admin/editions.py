"""One edition as those see it who decide on it: what it holds, what it changes, what looks odd; then publish, give up, withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField

from feedback_app.domain.barometer import EDITION_WORKFLOW, EditionAction
from feedback_app.domain.policy import Permission
from feedback_app.models import Edition
from feedback_app.services import edition_checks, edition_comparison, editions
from feedback_app.services.editions import EditionRefused
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.barometers import LARGEST_ID, of_address
from feedback_app.web.admin.forms import public_reason
from feedback_app.web.fields import PageForm
from feedback_app.web.labels import label
from feedback_app.web.transaction import transactional


class PublishForm(PageForm):
    """The comparison that was read: another one has to be read again."""

    seen = HiddenField()

    def attempt(self, edition: Edition) -> bool:
        """Publish. What stands in the way is said above the form."""
        try:
            seen = datetime.fromisoformat(self.seen.data or "")
            editions.publish(edition, at=now(), actor=signed_in_actor(), seen_comparison=seen)
        except (ValueError, TypeError):
            self.form_errors.append(_("Ce formulaire est incomplet\u00a0: revenez à l’édition, puis recommencez."))
        except EditionRefused as refused:
            self.form_errors.append(label(refused.reason))
        else:
            return True
        return False


class WithdrawForm(PageForm):
    """Why, for everybody to read."""

    reason = public_reason(_l("Pourquoi cette édition est retirée"), _l("Ce texte remplace l’édition sur sa page publique."))


def _edition(slug: str, edition_id: int, action: EditionAction | None = None) -> Edition:
    """The edition of an address, or 404, also where ``action`` makes no sense for it any more."""
    found = editions.find(of_address(slug), edition_id if edition_id <= LARGEST_ID else 0) or abort(404)
    if action and action not in EDITION_WORKFLOW.actions_from(found.status):
        abort(404)
    return found


def _back(edition: Edition) -> Response:
    return redirect(url_for(".edition", slug=edition.barometer.slug, edition_id=edition.id), 303)


@bp.get("/barometre/<slug>/editions/<int:edition_id>")
@requires(Permission.BAROMETER_MANAGE)
def edition(slug: str, edition_id: int) -> str:
    """What there is to know before it is published, or about one that was."""
    found = _edition(slug, edition_id)
    return render_template(
        "admin/edition.html",
        edition=found,
        actions=EDITION_WORKFLOW.actions_from(found.status),
        obstacle=editions.obstacle(found) if EditionAction.PUBLISH in EDITION_WORKFLOW.actions_from(found.status) else None,
        comparing=edition_comparison.is_asked(found),
        summary=edition_checks.summary(found),
        checks=edition_checks.checks(found) if found.completed_at else None,
    )


@bp.post("/barometre/<slug>/editions/<int:edition_id>/comparaison")
@requires(Permission.BAROMETER_MANAGE)
@transactional
def compare_edition(slug: str, edition_id: int) -> Response:
    """Have a draft compared with what precedes it by now."""
    found = _edition(slug, edition_id, EditionAction.PUBLISH)
    try:
        edition_comparison.ask(found, at=now(), actor=signed_in_actor())
        flash(_("La comparaison est demandée."), "success")
    except EditionRefused as refused:
        flash(label(refused.reason), "error")
    return _back(found)


@bp.route("/barometre/<slug>/editions/<int:edition_id>/publication", methods=["GET", "POST"])
@requires(Permission.BAROMETER_MANAGE)
@transactional
def publish_edition(slug: str, edition_id: int) -> Any:
    """Ask once more, then publish."""
    found = _edition(slug, edition_id)
    form = PublishForm(data={"seen": found.compared_at.isoformat() if found.compared_at else ""})
    if form.sent() and form.attempt(found):
        flash(_("L’édition est publiée."), "success")
        return _back(found)
    obstacle = editions.obstacle(found)
    return render_template("admin/publish_edition.html", edition=found, form=form, obstacle=obstacle), 409 if form.form_errors else 200


@bp.route("/barometre/<slug>/editions/<int:edition_id>/abandon", methods=["GET", "POST"])
@requires(Permission.BAROMETER_MANAGE)
@transactional
def discard_edition(slug: str, edition_id: int) -> Any:
    """Give up a draft."""
    found, form = _edition(slug, edition_id), PageForm()
    if form.sent():
        editions.discard(found, at=now(), actor=signed_in_actor())
        flash(_("Le brouillon est abandonné."), "success")
        return redirect(url_for(".barometer", slug=slug), 303)
    return render_template("admin/discard_edition.html", edition=found, form=form)


@bp.route("/barometre/<slug>/editions/<int:edition_id>/retrait", methods=["GET", "POST"])
@requires(Permission.BAROMETER_MANAGE)
@transactional
def withdraw_edition(slug: str, edition_id: int) -> Any:
    """Take a published edition back, with a reason for everybody."""
    found, form = _edition(slug, edition_id), WithdrawForm()
    if form.sent():
        editions.withdraw(found, form.reason.data or "", at=now(), actor=signed_in_actor())
        flash(_("L’édition est retirée. Les changements de la suivante sont calculés de nouveau."), "success")
        return _back(found)
    return render_template("admin/withdraw_edition.html", edition=found, form=form), 422 if form.errors else 200
