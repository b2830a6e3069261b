"""The people who work here: who they are, what they may do, and every change of it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, Form, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from feedback_app.domain.contribution import NAME_MAX
from feedback_app.domain.policy import MembershipKind, Permission, Role
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Account
from feedback_app.services import health, ministries, people, second_factor, site, staff
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp, history
from feedback_app.web.admin.forms import VersionedForm
from feedback_app.web.fields import EmailAddress, Required, Writable, one_line
from feedback_app.web.labels import label
from feedback_app.web.language import page_language
from feedback_app.web.presentation import foreign
from feedback_app.web.transaction import transactional

Answer = str | Response | tuple[str, int]


def ministry_choices(first: object) -> list[SelectChoice]:
    """Every ministry, by name, after a first line that means none."""
    lang = foreign()
    return [
        SelectChoice("", first),
        *(SelectChoice(ministry.slug, ministry.name, {"lang": lang} if lang else {}) for ministry in ministries.everyone()),
    ]


def kind_choices(first: object) -> list[SelectChoice]:
    return [SelectChoice("", first), *(SelectChoice(kind.value, label(kind)) for kind in MembershipKind)]


class Roles(SelectMultipleField):
    """The roles across ministries, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.data or [] if value in set(Role))


class FilterForm(Form):
    """How the list is narrowed."""

    q = StringField(_l("Nom ou adresse"), filters=[lambda value: one_line(value)[:200]])
    role = SelectField(_l("Rôle"), validate_choice=False)
    habilitation = SelectField(_l("Habilitation"), validate_choice=False)
    ministere = SelectField(_l("Ministère ou institution"), validate_choice=False)

    def __init__(self) -> None:
        super().__init__(request.args)
        self.role.choices = [SelectChoice("", _("Tous")), *(SelectChoice(role.value, label(role)) for role in Role)]
        self.habilitation.choices = kind_choices(_("Toutes"))
        self.ministere.choices = ministry_choices(_("Tous"))

    def chosen(self) -> staff.Filters:
        role, kind = self.role.data, self.habilitation.data
        return staff.Filters(
            words=self.q.data or "",
            role=Role(role) if role in set(Role) else None,
            kind=MembershipKind(kind) if kind in set(MembershipKind) else None,
            ministry=self.ministere.data or None,
        )


class PersonForm(VersionedForm):
    """The name for colleagues, and the roles."""

    name = StringField(
        _l("Nom, tel que les collègues le voient"),
        filters=[one_line],
        validators=[
            Writable(),
            Required(_l("Indiquez un nom.")),
            Length(max=NAME_MAX, message=_l("Ce nom est trop long\u00a0: 80 caractères au plus.")),
        ],
    )
    roles = Roles(_l("Rôles, pour tous les ministères"))

    def __init__(self, account: Account | None = None) -> None:
        held = [one.role.value for one in account.roles] if account else []
        super().__init__(account, data={"name": account.name if account else "", "roles": held})
        self.roles.choices = [SelectChoice(role.value, label(role)) for role in Role]


class InviteForm(PersonForm):
    """Somebody new, with at least one right."""

    email = EmailField(
        _l("Adresse électronique professionnelle"),
        filters=[one_line],
        validators=[Writable(), Required(_l("Indiquez l’adresse de la personne.")), EmailAddress()],
    )
    ministry = SelectField(_l("Ministère ou institution"), validate_choice=False)
    membership = SelectField(_l("À quel titre"), validate_choice=False)

    def __init__(self) -> None:
        super().__init__()
        self.ministry.choices = ministry_choices(_("Aucun"))
        self.membership.choices = kind_choices(_("Choisissez"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A ministry and a title go together, and somebody without any right has nothing to do here."""
        right = bool(super().validate(extra_validators))
        rights = self.rights()
        if bool(self.ministry.data) != bool(self.membership.data) or (self.ministry.data and not rights.ministry):
            self.form_errors.append(_("Choisissez le ministère et à quel titre\u00a0: les deux, ou aucun."))
        elif not rights.roles and not rights.kind:
            self.form_errors.append(_("Donnez au moins un droit\u00a0: un rôle, ou une habilitation dans un ministère."))
        return right and not self.form_errors

    def rights(self) -> people.NewRights:
        """What the service takes."""
        kind = self.membership.data
        ministry = ministries.find(self.ministry.data) if self.ministry.data else None
        return people.NewRights(self.roles.chosen(), ministry, MembershipKind(kind) if kind in set(MembershipKind) else None)


def colleague(account_id: int) -> Account:
    """Somebody who works here, or 404."""
    return staff.find(account_id) or abort(404)


def person_url(account: Account) -> str:
    return url_for("admin.person", account_id=account.id)


@bp.get("/")
@requires(Permission.PEOPLE_MANAGE)
def index() -> str:
    """Where to go, and whether the site is well."""
    return render_template("admin/index.html", health=health.of_site(at=now()), closed=site.closed())


@bp.get("/personnes")
@requires(Permission.PEOPLE_MANAGE)
def list_people() -> str:
    """Everybody who works here, by name."""
    filters = FilterForm()
    page = staff.listed(filters.chosen(), Window(request.args.get("apres"), request.args.get("avant"), 50))
    values = {name: value for name, value in filters.data.items() if value}
    return render_template("admin/list_people.html", filters=filters, values=values, page=page)


@bp.route("/personnes/inviter", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@transactional
def invite() -> Answer:
    """Open an account for a colleague."""
    form = InviteForm()
    if form.sent() and form.attempt(
        None,
        lambda: people.invite(
            form.email.data or "",
            name=form.name.data or "",
            rights=form.rights(),
            administrator=signed_in_actor(),
            language=page_language(),
            at=now(),
        ),
    ):
        flash(_("%(name)s va recevoir un courriel.", name=form.name.data), "success")
        return redirect(url_for(".list_people"), 303)
    return render_template("admin/invite.html", form=form), form.status


@bp.get("/personnes/<int:account_id>")
@requires(Permission.PEOPLE_MANAGE)
def person(account_id: int) -> str:
    """Somebody's rights, and how they came to them."""
    account = colleague(account_id)
    page = staff.history(account, Window(request.args.get("apres"), request.args.get("avant")))
    names = staff.ministry_names(page.items)
    lines = [(line, history.title(line), *history.detail(line, names)) for line in page.items]
    factor = second_factor.of(account)
    return render_template("admin/person.html", account=account, page=page, lines=lines, second_factor=factor, territories=TERRITORIES)


@bp.route("/personnes/<int:account_id>/modifier", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@transactional
def edit_person(account_id: int) -> Answer:
    """Change the name or the roles."""
    account = colleague(account_id)
    form = PersonForm(account)
    if form.sent() and form.attempt(
        account,
        lambda: people.change(
            account,
            name=form.name.data or "",
            roles=form.roles.chosen(),
            administrator=signed_in_actor(),
            seen_version=form.seen,
            at=now(),
        ),
    ):
        flash(_("Enregistré."), "success")
        return redirect(person_url(account), 303)
    return render_template("admin/edit_person.html", account=account, form=form), form.status


@bp.route("/personnes/<int:account_id>/desactiver", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@transactional
def deactivate(account_id: int) -> Answer:
    """Shut an account, after a page that says what that does."""
    account = colleague(account_id)
    form = VersionedForm(account)
    if form.sent() and form.attempt(
        account, lambda: people.deactivate(account, administrator=signed_in_actor(), seen_version=form.seen, at=now())
    ):
        flash(_("Le compte est désactivé."), "success")
        return redirect(person_url(account), 303)
    return render_template("admin/deactivate.html", account=account, form=form), form.status


@bp.route("/personnes/<int:account_id>/reactiver", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@transactional
def reactivate(account_id: int) -> Answer:
    """Open an account again, with the rights it had."""
    account = colleague(account_id)
    form = VersionedForm(account)
    if form.sent() and form.attempt(
        account, lambda: people.reactivate(account, administrator=signed_in_actor(), seen_version=form.seen, at=now())
    ):
        flash(_("Le compte est réactivé."), "success")
        return redirect(person_url(account), 303)
    return render_template("admin/reactivate.html", account=account, form=form), form.status


@bp.route("/personnes/<int:account_id>/second-facteur", methods=["GET", "POST"])
@requires(Permission.SECOND_FACTOR_RESET)
@transactional
def reset_second_factor(account_id: int) -> Answer:
    """Make an account forget its second factor: a telephone was lost."""
    account = colleague(account_id)
    if request.method == "POST":
        second_factor.reset(account, actor=signed_in_actor(), at=now(), machine=request.remote_addr, language=page_language())
        flash(_("À sa prochaine connexion, %(name)s associera une nouvelle application.", name=account.name), "success")
        return redirect(person_url(account), 303)
    return render_template("admin/reset_second_factor.html", account=account)
