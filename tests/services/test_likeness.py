"""Which answered requests are proposed to somebody who asks, and which are not: short texts above all, since one word says little there."""

from __future__ import annotations

import pytest

from feedback_app.database import db
from feedback_app.domain.case import CaseStatus
from feedback_app.models import CitizenRequest
from feedback_app.services.cases import published

# What was asked and answered before, by a name.
ASKED = {
    "classes": (
        "Combien de classes de primaire ont fermé dans le Cantal à la rentrée\u00a0?",
        "Neuf classes ont fermé dans le Cantal, et quatre ont ouvert. La liste des écoles est publiée.",
    ),
    "cantine": (
        "La part de produits bio dans les cantines des écoles a-t-elle atteint la cible\u00a0?",
        "La part atteinte en 2024 est de 14\u00a0%, pour une cible de 20\u00a0%.",
    ),
    "pont": (
        "Quand le pont de Saint-Rémy sera-t-il rouvert aux camions\u00a0?",
        "Les travaux du pont finissent au printemps\u00a0; les camions y passeront ensuite.",
    ),
    "fibre": (
        "Quelles communes de l’Aisne n’ont pas encore la fibre\u00a0?",
        "Trente-deux communes attendent la fibre. Leur raccordement est prévu pour la fin de l’année.",
    ),
    "urgences": (
        "Pourquoi les urgences de Lannion ferment-elles la nuit\u00a0?",
        "Deux médecins manquent\u00a0: les urgences rouvrent la nuit dès qu’ils sont recrutés.",
    ),
    "permis": (
        "Quel est le délai pour obtenir un permis de construire en ligne\u00a0?",
        "Le délai est de deux mois pour une maison, que la demande soit faite en ligne ou non.",
    ),
    "velo": (
        "Où en est la piste cyclable entre Nantes et Clisson\u00a0?",
        "La piste cyclable est ouverte jusqu’à Vertou\u00a0; la suite attend une enquête publique.",
    ),
    "nitrates": (
        "Le taux de nitrates dans l’eau de la Vilaine a-t-il baissé\u00a0?",
        "Le taux moyen de nitrates dans l’eau a baissé de 5\u00a0% en trois ans.",
    ),
}
# What somebody writes, and which of them is the same matter; None: none of them is.
PAIRS = [
    ("Fermetures de classes dans le Cantal", "classes"),
    ("Je voudrais connaître le nombre de classes fermées cette année dans le Cantal, école par école.", "classes"),
    ("Produits bio à la cantine", "cantine"),
    ("Est-ce que la cible de produits bio est atteinte dans les cantines de nos écoles\u00a0?", "cantine"),
    ("Le pont de Saint-Rémy est-il ouvert aux camions\u00a0?", "pont"),
    ("Fibre dans l’Aisne\u00a0: quelles communes\u00a0?", "fibre"),
    ("urgences Lannion", "urgences"),
    ("Les urgences de l’hôpital de Lannion sont fermées la nuit, jusqu’à quand\u00a0?", "urgences"),
    ("delai permis de construire", "permis"),
    ("Piste cyclable Nantes Clisson", "velo"),
    ("nitrates", "nitrates"),
    ("Y a-t-il trop de nitrates dans l’eau de la Vilaine\u00a0?", "nitrates"),
    # One word in common, and another matter.
    ("Les écoles de musique", None),
    ("Fermeture de la trésorerie de Guéret", None),
    ("Nuit blanche à Lille", None),
    ("Permis de chasse", None),
    ("Quel délai pour un passeport\u00a0?", None),
    ("Une piste d’athlétisme à Brest", None),
    ("L’eau chaude des piscines", None),
    ("Travaux de la mairie de Vesoul", None),
    ("Combien de médecins à Mende\u00a0?", None),
    ("Le taux de chômage des jeunes", None),
    ("Les communes nouvelles", None),
    ("Publication de la liste des associations agréées", None),
    ("Camions de pompiers en Corse", None),
    ("Enquête de recensement", None),
]


@pytest.fixture
def known(app, make) -> dict[int, str]:
    """The answered requests, by their ids."""
    topic = make.commitment().topic
    team = dict(zip(("contact", "validator"), make.team(make.ministry()), strict=True)) if topic.ministry_id is None else {}
    found = {}
    for name, (asked, answer) in ASKED.items():
        found[make.request(topic=topic, status=CaseStatus.ANSWERED, body=asked, answer=answer, **team).id] = name
    return found


def test_what_is_proposed_is_the_same_matter(app, known):
    with app.app_context():
        proposed = {wording: [known[one.line.id] for one in published.answered_like(wording)] for wording, _same in PAIRS}
        db.session.rollback()

    assert {wording: names for wording, names in proposed.items() if names} == {wording: [same] for wording, same in PAIRS if same}


@pytest.mark.parametrize("wording", ["Les écoles de musique", "Permis de chasse", "Le taux de chômage des jeunes"])
def test_the_desk_is_not_shown_what_has_only_a_word_in_common(app, make, known, wording):
    own = make.request(body=f"{wording}\u00a0: où en est-on\u00a0?")
    with app.app_context():
        case = db.session.get_one(CitizenRequest, own.id)
        assert published.answered_before(case, own.contribution.current_version.body) == []


def test_the_desk_is_shown_what_is_the_same_matter(app, make, known):
    own = make.request(body="Neuf classes fermées dans le Cantal : sur quels critères ?")
    with app.app_context():
        case = db.session.get_one(CitizenRequest, own.id)
        assert [known[line.id] for line in published.answered_before(case, own.contribution.current_version.body)] == ["classes"]
