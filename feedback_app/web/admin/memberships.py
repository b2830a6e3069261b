"""Rights inside a ministry: given, narrowed, taken."""

from __future__ import annotations

import re

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField, ValidationError

from feedback_app.domain import addresses
from feedback_app.domain.policy import MembershipKind, Permission
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Membership, Topic
from feedback_app.services import ministries, people, scopes, staff
from feedback_app.services.cases import taking
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.forms import VersionedForm
from feedback_app.web.admin.people import colleague, kind_choices, ministry_choices, person_url
from feedback_app.web.fields import Writable, as_typed
from feedback_app.web.transaction import transactional

Answer = str | Response | tuple[str, int]


class MembershipForm(VersionedForm):
    """Which ministry, and to do what."""

    ministry = SelectField(_l("Ministère ou institution"), validate_choice=False)
    membership = SelectField(_l("À quel titre"), validate_choice=False)

    def validate_ministry(self, field: SelectField) -> None:
        """One that exists."""
        if ministries.find(field.data or "") is None:
            raise ValidationError(_("Choisissez un ministère ou une institution."))

    def validate_membership(self, field: SelectField) -> None:
        """One of the three."""
        if field.data not in set(MembershipKind):
            raise ValidationError(_("Choisissez à quel titre."))


def path_here(word: str) -> str:
    """The path, as topics have it, that an address of this site names: whole or not, in either language. Another word is left as it is."""
    start, _host, rest = word.partition(f"//{request.host}/")
    path = f"/{rest}" if rest and start in {"http:", "https:"} else word
    return re.split(r"[?#]", path, maxsplit=1)[0].removeprefix("/en" if path.startswith("/en/") else "")


class ScopeForm(VersionedForm):
    """To what a membership is narrowed. Nothing: the whole ministry."""

    topics = TextAreaField(_l("Engagements et indicateurs"), filters=[as_typed], validators=[Writable()])
    territories = TextAreaField(_l("Territoires"), filters=[as_typed], validators=[Writable()])

    def __init__(self, membership: Membership, version: int) -> None:
        topics = [addresses.topic(part.topic.key) for part in membership.scope if part.topic]
        codes = [part.territory for part in membership.scope if part.territory]
        super().__init__(None, data={"topics": "\n".join(topics), "territories": "\n".join(codes), "seen_version": str(version)})
        self.ministry = membership.ministry
        self.named: list[Topic] = []

    @property
    def codes(self) -> set[str]:
        """The codes of territories that were typed."""
        return set((self.territories.data or "").upper().split())

    def validate_topics(self, field: TextAreaField) -> None:
        """Of the ministry."""
        try:
            self.named = scopes.topics_named(self.ministry, [path_here(word) for word in (field.data or "").split()])
        except scopes.UnknownPlace as refused:
            raise ValidationError(_("Inconnu dans ce ministère\u00a0: %(words)s.", words=", ".join(refused.words))) from None

    def validate_territories(self, _field: TextAreaField) -> None:
        """Codes that exist."""
        if unknown := sorted(self.codes - set(TERRITORIES)):
            raise ValidationError(_("Code inconnu\u00a0: %(codes)s. Un code porte toujours sa lettre.", codes=", ".join(unknown)))


def held(membership_id: int) -> Membership:
    """A membership, or 404."""
    return staff.membership(membership_id) or abort(404)


@bp.route("/personnes/<int:account_id>/habilitations/nouvelle", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@transactional
def add_membership(account_id: int) -> Answer:
    """Give a right inside a ministry."""
    account = colleague(account_id)
    form = MembershipForm(account)
    form.ministry.choices, form.membership.choices = ministry_choices(_("Choisissez")), kind_choices(_("Choisissez"))
    if form.sent() and form.attempt(
        account,
        lambda: people.grant_membership(
            account,
            ministries.find(form.ministry.data) or abort(404),
            MembershipKind(form.membership.data),
            administrator=signed_in_actor(),
            seen_version=form.seen,
            at=now(),
        ),
    ):
        flash(_("Habilitation donnée."), "success")
        return redirect(person_url(account), 303)
    return render_template("admin/add_membership.html", account=account, form=form), form.status


@bp.route("/habilitations/<int:membership_id>/perimetre", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@transactional
def narrow_membership(membership_id: int) -> Answer:
    """Narrow a right to some commitments, indicators or territories."""
    membership = held(membership_id)
    account = colleague(membership.account_id)
    form = ScopeForm(membership, account.version)
    if form.sent() and form.attempt(
        account,
        lambda: people.narrow(
            membership,
            topics=form.named,
            territories=form.codes,
            administrator=signed_in_actor(),
            seen_version=form.seen,
            at=now(),
        ),
    ):
        flash(_("Périmètre enregistré."), "success")
        return redirect(person_url(account), 303)
    return render_template("admin/narrow_membership.html", account=account, membership=membership, form=form), form.status


@bp.route("/habilitations/<int:membership_id>/retirer", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@transactional
def end_membership(membership_id: int) -> Answer:
    """Take a right inside a ministry away."""
    membership = held(membership_id)
    account = colleague(membership.account_id)
    form = VersionedForm(account)
    if form.sent() and form.attempt(
        account, lambda: people.end_membership(membership, administrator=signed_in_actor(), seen_version=form.seen, at=now())
    ):
        flash(_("Habilitation retirée."), "success")
        return redirect(person_url(account), 303)
    last = taking.is_last_contact(membership)
    return render_template("admin/end_membership.html", account=account, membership=membership, form=form, last=last), form.status
