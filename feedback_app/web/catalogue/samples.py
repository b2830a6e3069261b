"""Sample forms and facts for the catalogue of components (``templates/catalogue/components.html``). All of it is invented."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from feedback_app.domain.chart import Change, LineChart, Point, line_chart
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.contribution import ContributionStatus

LONG_TITLE = (
    "Publier chaque trimestre, dans un format ouvert et réutilisable, la liste des équipements publics de proximité, leurs horaires, "
    "leurs conditions d’accès et l’avancement des travaux qui les concernent, et associer les habitants au choix des informations "
    "les plus utiles à leur vie quotidienne"
)
TEXT = (
    "La carte est très utile, merci. Les horaires de la bibliothèque du quartier ne sont pourtant pas à jour depuis février.\n\n"
    "Serait-il possible d’indiquer la date de la dernière vérification ?\nCela éviterait des déplacements pour rien : https://exemple.fr/horaires"
)


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class SampleForm(Form):
    """One field of each kind."""

    class Meta:
        locales = ("fr",)

    key = HiddenField(default="clé")
    website = StringField("Ne remplissez pas ce champ")
    body = TextAreaField(
        "Votre commentaire",
        [
            InputRequired("Écrivez votre commentaire."),
            Length(10, 5_000, "Votre commentaire\u00a0: texte trop court, écrivez au moins 10 caractères."),
        ],
        description="Il sera lu par une personne avant d’être publié.",
    )
    name = StringField(
        "Nom affiché", [Optional(), Length(max=80)], description="Votre nom, un pseudonyme, ou rien : vous serez « Anonyme »."
    )
    email = EmailField(
        "Adresse électronique",
        [
            InputRequired("Indiquez votre adresse électronique."),
            Email("Cette adresse est incomplète : il y manque le nom de domaine, par exemple @exemple.fr."),
        ],
        description="Elle n’est jamais publiée.",
    )
    territory = SelectField("Territoire concerné", choices=_choices({"": "Toute la France", "D69": "Rhône", "D974": "La Réunion"}))
    day = DateField("Date de la visite", [Optional()], description="Par exemple le 3 mai 2024.")
    code = StringField("Code à six chiffres", [Optional()])
    piece = FileField("Pièce jointe", [Optional()], description="PDF, PNG ou JPEG, 2\u00a0Mo au plus.")
    kind = RadioField(
        "De quoi s’agit-il ?",
        [InputRequired("Choisissez de quoi il s’agit.")],
        choices=_choices({"opinion": "Un point de vue", "experience": "Une expérience vécue", "question": "Une question au ministère"}),
    )
    subjects = SelectMultipleField("Sujets", choices=_choices({"access": "Accès", "hours": "Horaires", "cost": "Coût"}))
    charter = BooleanField("J’ai lu la charte de participation", [InputRequired("Cochez cette case pour continuer.")])


def _filled() -> SampleForm:
    return SampleForm(
        prefix="rempli-",
        data={
            "body": TEXT,
            "name": "Camille R.",
            "email": "camille@exemple.fr",
            "territory": "D69",
            "kind": "experience",
            "subjects": ["hours"],
            "charter": True,
        },
    )


def _refused() -> SampleForm:
    form = SampleForm(MultiDict({"body": "Trop", "name": "x" * 81, "email": "camille", "subjects": "unknown", "territory": "D00"}))
    form.validate()
    form.form_errors.append(
        "Cette page était ouverte depuis trop longtemps, mais votre texte est là : relisez-le, puis envoyez-le de nouveau."
    )
    return form


def _point(year: int, month: int, value: float) -> Point:
    return Point(date(year, month, 28), Decimal(str(value)))


def _monthly(values: Sequence[float], skipped: Collection[int] = ()) -> Sequence[Point]:
    return [_point(2021 + index // 12, index % 12 + 1, value) for index, value in enumerate(values) if index not in skipped]


def _yearly(*values: float) -> Sequence[Point]:
    return [_point(2019 + index, 12, value) for index, value in enumerate(values)]


def _charts() -> Sequence[tuple[str, str, LineChart | None]]:
    """An identifier, a title and a chart for each case that a line must stand."""
    lowered = Change(_point(2026, 12, 19), _point(2026, 12, 11))
    restated = Change(_point(2019, 12, 5.5), _point(2019, 12, 7))
    sawtooth = [310_000 + 7_500 * (index % 9) + 3_000 * index for index in range(40)]
    trillions = [(1_234_567 + 320_000 * index) * 10**6 for index in range(6)]
    holed = _monthly([40 + index % 7 for index in range(40)], {8, 9, 10, 22, 23, 25, 26})
    drawn = {
        "Une cible abaissée, un départ corrigé": line_chart(
            _yearly(7, 7.5, 8, 8.2, 9.1), targets=[_point(2026, 12, 11)], baseline=_point(2019, 12, 7), changes=[restated, lowered]
        ),
        "Une seule valeur": line_chart([_point(2023, 6, 42)], targets=[_point(2027, 12, 60)]),
        "Quarante valeurs et deux cibles": line_chart(_monthly(sawtooth), targets=[_point(2023, 12, 400_000), _point(2025, 12, 520_000)]),
        "Une série à trous": line_chart(holed),
        "Sous zéro et au-dessus": line_chart(_monthly([(index - 12) * 3.5 for index in range(20)])),
        "De très grandes valeurs": line_chart(_yearly(*trillions), targets=[_point(2027, 12, 4_200_000_000_000)]),
        "Une valeur constante": line_chart(_yearly(100, 100, 100, 100), targets=[_point(2025, 12, 100)]),
    }
    return [(f"courbe-{number}", title, chart) for number, (title, chart) in enumerate(drawn.items(), start=1)]


def catalogue_context() -> dict[str, Any]:
    """What the template of the catalogue needs beside what every page has."""
    return {
        "empty_form": SampleForm(prefix="vide-"),
        "filled_form": _filled(),
        "refused_form": _refused(),
        "filter_form": SampleForm(prefix="filtre-"),
        "fold_form": SampleForm(prefix="filtre-replie-", data={"territory": "D69"}),
        "charts": _charts(),
        "long_title": LONG_TITLE,
        "text": TEXT,
        "day": date(2024, 5, 3),
        "moment": datetime(2024, 5, 3, 12, 5, tzinfo=UTC),
        "commitment_statuses": list(CommitmentStatus),
        "contribution_statuses": list(ContributionStatus),
    }
