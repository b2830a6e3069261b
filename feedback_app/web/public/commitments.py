"""The commitments of the plans: the dashboard, its table as a file, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectChoice, SelectField, StringField
from wtforms.widgets import DateInput

from feedback_app.domain import addresses
from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import CommitmentStatus, Confidence, PlanPhase
from feedback_app.models import Plan
from feedback_app.services import commitments as query
from feedback_app.services import plan_words, threads
from feedback_app.services.paging import Window
from feedback_app.services.progress import dashboard
from feedback_app.services.progress.dashboard import Filters, Sorting, Standing, Subjects
from feedback_app.services.progress.lines import Line
from feedback_app.web.access import now, public
from feedback_app.web.data_files import ADDRESS, CODE, DAY, PERCENT, YES_OR_NO, Column, DataFile, values_of
from feedback_app.web.fields import one_line
from feedback_app.web.labels import label
from feedback_app.web.language import without_language
from feedback_app.web.page_cache import cached
from feedback_app.web.presentation import foreign
from feedback_app.web.public import bp

WORDS_MAX = 200
NARROWED = ("q", "ministere", "statut", "theme", "signal", "depuis", "tri")
PLACES = ("apres", "avant")
SIGNALS = {"retard": _l("En retard, ou un jalon en retard"), "silence": _l("Sans nouvelles depuis trois mois")}
SORTINGS = {
    "": (Sorting.NUMBER, _l("Numéro")),
    "nouvelles": (Sorting.UPDATED, _l("Nouvelles les plus récentes")),
    "silence": (Sorting.SILENT, _l("Nouvelles les plus anciennes")),
    "echeance": (Sorting.END, _l("Échéance la plus proche")),
}


class FilterForm(Form):
    """How the table is narrowed and sorted. What nobody can read narrows nothing."""

    plan = HiddenField()
    q = StringField(_l("Mots du titre"), filters=[lambda value: one_line(value)[:WORDS_MAX]])
    ministere = SelectField(_l("Ministère ou institution"), validate_choice=False)
    statut = SelectField(_l("Statut"), validate_choice=False)
    theme = SelectField(_l("Thème"), validate_choice=False)
    signal = SelectField(_l("À signaler"), validate_choice=False)
    depuis = StringField(_l("Des nouvelles depuis le"), widget=DateInput())
    tri = SelectField(_l("Trier par"), validate_choice=False)

    def __init__(self, plan: Plan, subjects: Subjects) -> None:
        super().__init__(request.args)
        self.plan.data = plan.slug
        lang = {"lang": foreign()} if foreign() else {}
        every = SelectChoice("", _("Tous"))
        self.ministere.choices = [every, *(SelectChoice(slug, name, lang) for slug, name in subjects.ministries)]
        self.statut.choices = [every, *(SelectChoice(status.value, label(status)) for status in CommitmentStatus)]
        self.theme.choices = [every, *(SelectChoice(theme, theme, lang) for theme in subjects.themes)]
        self.signal.choices = [every, *(SelectChoice(value, str(words)) for value, words in SIGNALS.items())]
        self.tri.choices = [SelectChoice(value, str(words)) for value, (_sorting, words) in SORTINGS.items()]

    def chosen(self) -> Filters:
        """What the service takes."""
        status = self.statut.data
        return Filters(
            ministry=self.ministere.data or None,
            status=CommitmentStatus(status) if status in set(CommitmentStatus) else None,
            theme=self.theme.data or None,
            late=self.signal.data == "retard",
            silent=self.signal.data == "silence",
            since=_day(self.depuis.data),
            words=self.q.data or "",
        )

    @property
    def sorting(self) -> Sorting:
        """The order that was asked for; an unknown one is the first."""
        return SORTINGS.get(self.tri.data or "", SORTINGS[""])[0]

    @property
    def by_number(self) -> bool:
        """Whether the first and the last of a page say what is on it."""
        return self.sorting is Sorting.NUMBER

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self.chosen() != Filters()

    def address(self, **cursor: str) -> str:
        """The table as it is narrowed, at another place."""
        return self.address_of("public.commitments", **cursor)

    def address_of(self, endpoint: str, **cursor: str) -> str:
        """The same choice, elsewhere."""
        values: dict[str, Any] = {name: value for name, value in self.data.items() if value} | cursor
        return url_for(endpoint, **values)


def _day(value: str | None) -> date | None:
    """The day that was typed; None where it is none."""
    try:
        found = date.fromisoformat(value or "")
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _chosen(plans: Sequence[Plan]) -> Plan | None:
    """The one that was asked for; else the newest that is under way, before one that has yet to begin."""
    slug = request.args.get("plan")
    if not slug:
        return next((plan for plan in plans if plan.phase is PlanPhase.RUNNING), plans[0] if plans else None)
    return next((plan for plan in plans if plan.slug == slug), None) or abort(404)


def _window() -> Window:
    return Window(request.args.get("apres"), request.args.get("avant"))


@bp.get("/engagements/")
@public
@cached(by=("plan",), not_with=(*NARROWED, *PLACES))
def commitments() -> str:
    """Where a plan stands: in numbers, what is late, what was said last, and each commitment in a table."""
    plans, today = query.plans(), day_of(now())
    plan = _chosen(plans)
    if plan is None:
        return render_template("public/commitments.html", plan=None)
    filters = FilterForm(plan, dashboard.subjects(plan))
    page = dashboard.table(plan, filters.chosen(), filters.sorting, _window(), today=today)
    standings = dashboard.standings(today=today)
    whole = standings.get(plan.id, Standing(plan.id)).total  # who narrows the table asks how many are left, and reads no history
    return render_template(
        "public/commitments.html",
        plan=plan,
        plans=plans,
        filters=filters,
        standings=standings,
        late=dashboard.late_milestones(plan, Window(size=dashboard.FIRST_LATE), today=today),
        late_total=dashboard.late_milestone_count(plan, today=today),
        news=dashboard.latest(plan),
        page=page,
        total=dashboard.count(plan, filters.chosen(), today=today) if filters.narrowed else whole,
        comments=threads.counts([line.topic_id for line in page.items]),
        revisions=() if filters.narrowed else plan_words.revisions(plan),
        today=today,
    )


@bp.get("/engagements/jalons-en-retard")
@public
@cached(by=("plan",), not_with=PLACES)
def late_milestones() -> str:
    """Every milestone of a plan that is late today, the longest first."""
    plan, today = _chosen(query.plans()) or abort(404), day_of(now())
    return render_template(
        "public/late_milestones.html",
        plan=plan,
        page=dashboard.late_milestones(plan, _window(), today=today),
        total=dashboard.late_milestone_count(plan, today=today),
    )


@bp.get("/engagements/engagements.csv")
@public
@without_language
@cached(by=("plan",), not_with=NARROWED)
def commitments_file() -> Response:
    """The same table as a file, narrowed in the same way: every commitment, by number."""
    plan, today = _chosen(query.plans()) or abort(404), day_of(now())
    filters = FilterForm(plan, dashboard.subjects(plan))
    lines = dashboard.every(plan, filters.chosen(), today=today)
    return FILE.answer((_row(line, today) for line in lines), name=f"engagements-{plan.slug}")


MILESTONES = _l("jalons, nombre entier")
FILE: DataFile = DataFile(
    anchor="engagements",
    title=_l("Les engagements d’un plan d’action"),
    line=_l("Une ligne par engagement, dans l’ordre des numéros. Les filtres de la page valent aussi pour le fichier."),
    refreshed=_l("À chaque téléchargement\u00a0: ce que le site publie à ce moment, avec les retards du jour."),
    columns=(
        Column("plan", _l("Le plan, tel que les adresses de ce site le nomment."), CODE),
        Column("numero", _l("Le numéro de l’engagement dans ce plan. Deux plans peuvent utiliser le même."), _l("nombre entier")),
        Column("engagement", _l("Le titre de l’engagement.")),
        Column("ministere", _l("Le ministère ou l’institution que le plan nomme responsable, sous son nom d’aujourd’hui.")),
        Column("theme", _l("Le thème que le plan lui donne. Vide s’il n’en donne pas.")),
        Column("statut", _l("Où en est l’engagement, d’après le dernier point d’avancement publié."), CODE, values_of(CommitmentStatus)),
        Column("statut_depuis", _l("Le jour où ce statut a été publié. Vide si le statut n’a encore jamais changé."), DAY),
        Column("periode_ecrite", _l("Le calendrier, avec les mots du plan. Vide si le plan n’en dit rien.")),
        Column("debut", _l("Le début, tel que nous comprenons ces mots. Vide s’ils ne disent pas de date."), DAY),
        Column(
            "echeance",
            _l("Le dernier jour pour tenir l’engagement. Vide s’il est sans échéance\u00a0: il n’est alors jamais en retard."),
            DAY,
        ),
        Column("en_retard", _l("Si l’échéance est passée alors que l’engagement n’est ni terminé ni arrêté."), CODE, YES_OR_NO),
        Column(
            "avancement_pourcent",
            _l(
                "La part des jalons atteints, chacun selon son poids\u00a0; un jalon réalisé en partie compte pour moitié. "
                "Arrondie vers le bas. Vide sans jalon."
            ),
            PERCENT,
        ),
        Column("jalons", _l("Combien de jalons le plan nomme aujourd’hui."), MILESTONES),
        Column("jalons_en_retard", _l("Combien d’entre eux ont passé leur échéance sans être terminés ni arrêtés."), MILESTONES),
        Column(
            "echeance_selon_le_ministere",
            _l("À quel point le ministère croit tenir l’échéance. Vide s’il ne l’a pas dit."),
            CODE,
            values_of(Confidence),
        ),
        Column("dernier_point", _l("Le jour du dernier point d’avancement publié. Vide s’il n’y en a pas."), DAY),
        Column(
            "sans_nouvelles_depuis",
            _l("Depuis quel jour le ministère n’a rien publié, si cela fait plus de trois mois. Vide sinon."),
            DAY,
        ),
        Column("page", _l("La page de l’engagement sur ce site."), ADDRESS),
    ),
)


def _row(line: Line, today: date) -> tuple[object, ...]:
    return (
        line.plan, line.number, line.title, line.ministry, line.theme, line.status.value, line.status_since and day_of(line.status_since),
        line.period_raw, line.start, line.end, "oui" if line.late(today) else "non", line.progress, line.milestones, line.late_milestones,
        line.confidence and line.confidence.value, line.updated_at and day_of(line.updated_at), line.silent_since(today),
        current_app.config["BASE_URL"] + addresses.commitment(line.plan, line.number),
    )  # fmt: skip
