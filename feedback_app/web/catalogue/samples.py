"""Sample forms and facts for the catalogue of components (``templates/catalogue/components.html``). All of it is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
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


def catalogue_context() -> dict[str, Any]:
    """What the template of the catalogue needs beside what every page has."""
    return {
        "empty_form": SampleForm(prefix="vide-"),
        "filled_form": _filled(),
        "refused_form": _refused(),
        "filter_form": SampleForm(prefix="filtre-"),
        "fold_form": SampleForm(prefix="filtre-replie-", data={"territory": "D69"}),
        "long_title": LONG_TITLE,
        "text": TEXT,
        "day": date(2024, 5, 3),
        "moment": datetime(2024, 5, 3, 12, 5, tzinfo=UTC),
        "commitment_statuses": list(CommitmentStatus),
        "contribution_statuses": list(ContributionStatus),
    }
