"""The fifteen indicators of the demo's barometer, as figures to be drawn: where each one starts, how it moves, what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

QUARTERS = 8
EDITIONS = 3
KNOWN = (4, 6, 8)
"""How many quarters each edition knows."""

RIVERS = "Des rivières suivies, des arbres de retour"
TABLES = "Bien manger à la cantine"
RIGHTS = "Des droits versés sans détour"
COUNTERS = "Un guichet à moins de vingt minutes"
CHILDREN = "Une place pour chaque enfant"
COACHES = "Des cars à l’heure, des routes en état"
SHORES = "Des rivages sûrs"
READING = "Lire et apprendre près de chez soi"
ARCHIVES = "Des archives ouvertes à tous"

# Which ministry answers for each reform. Nobody knows for the archives: the coordination has to find out.
REFORMS: dict[str, str | None] = {
    RIVERS: "saisons-et-paysages",
    TABLES: "saisons-et-paysages",
    RIGHTS: "entraide-et-proximite",
    COUNTERS: "entraide-et-proximite",
    CHILDREN: "entraide-et-proximite",
    COACHES: "chemins-et-rivages",
    SHORES: "chemins-et-rivages",
    READING: "agence-des-savoirs-partages",
    ARCHIVES: None,
}


class Shape(StrEnum):
    """``share``: a level everywhere, the headline is the mean of a year; ``stock``: things counted, shared out between territories;
    ``flow``: things done in a quarter, the headline is their sum since the beginning."""

    SHARE = "share"
    STOCK = "stock"
    FLOW = "flow"


@dataclass(frozen=True)
class Goal:
    """A target of the country, for the end of a quarter counted from the first one (0); later ones lie beyond what is known."""

    value: float
    quarter: int


@dataclass(frozen=True)
class Spec:
    """``start`` and ``step``: the country's figure of the first quarter, and its move from one to the next (of a flow: its size).

    ``goals``: the target as each edition published it. ``decimals``: of the published figures; ``rounds``: the first edition gave three.
    ``levels``: where figures are published: (N)ational, (R)egions, (D)épartements. ``since``: the first edition that has it.
    ``renamed``: its name in the last edition. ``corrected``: the last edition gives other figures for one past quarter.
    """

    code: str
    name: str
    reform: str
    unit: str
    shape: Shape
    start: float
    step: float
    goals: tuple[Goal, Goal, Goal]
    decimals: int = 1
    season: float = 0.0
    spread: float = 0.12
    levels: str = "NRD"
    since: int = 0
    rounds: bool = False
    renamed: str | None = None
    corrected: int | None = None
    coast: bool = False
    rebased: float | None = None


def _same(value: float, quarter: int) -> tuple[Goal, Goal, Goal]:
    goal = Goal(value, quarter)
    return goal, goal, goal


SPECS: tuple[Spec, ...] = (
    Spec(
        "stations-en-ligne", "Stations de mesure des rivières dont les relevés sont en ligne", RIVERS, "% des stations",
        Shape.SHARE, 34, 6.1, _same(90, 9), rounds=True,
    ),
    Spec(
        "rivieres-bon-etat", "Cours d’eau en bon état", RIVERS, "% des cours d’eau",
        Shape.SHARE, 42.4, 0.35, _same(50, 11), spread=0.22, rounds=True, rebased=43.1,
    ),
    Spec(
        "haies-plantees", "Haies plantées depuis le début du programme", RIVERS, "km",
        Shape.FLOW, 1_450, 40, (Goal(16_000, 9), Goal(16_000, 9), Goal(16_000, 13)), decimals=0, season=0.45, corrected=4,
    ),
    Spec(
        "lieux-frais", "Lieux frais ouverts au public pendant les alertes", RIVERS, "lieux",
        Shape.STOCK, 2_100, 310, (Goal(4_000, 9), Goal(4_600, 9), Goal(4_600, 9)), decimals=0,
    ),
    Spec(
        "cantines-local", "Produits locaux dans les repas des cantines publiques", TABLES, "% des achats",
        Shape.SHARE, 18.2, 0.9, _same(30, 10), spread=0.3, rounds=True,
    ),
    Spec(
        "correction-dossier", "Délai moyen de correction d’une erreur dans un dossier d’aide", RIGHTS, "jours",
        Shape.SHARE, 41, -2.6, (Goal(10, 7), Goal(10, 7), Goal(18, 7)), spread=0.25,
    ),
    Spec(
        "courriers-compris", "Courriers compris à la première lecture", RIGHTS, "% des personnes interrogées",
        Shape.SHARE, 52, 1.7, _same(70, 10), levels="N",
    ),
    Spec(
        "lieux-aide-demarches", "Lieux où quelqu’un aide à faire une démarche en ligne", COUNTERS, "lieux",
        Shape.STOCK, 1_730, 190, (Goal(2_800, 9), Goal(2_800, 9), Goal(3_200, 9)), decimals=0,
    ),
    Spec(
        "attente-guichet", "Temps d’attente moyen au guichet", COUNTERS, "minutes",
        Shape.SHARE, 38, -0.9, _same(20, 11), season=0.08, spread=0.28, renamed="Temps d’attente moyen au guichet, hors rendez-vous",
    ),
    Spec(
        "places-enfants", "Places d’accueil pour cent enfants de moins de trois ans", CHILDREN, "places pour 100 enfants",
        Shape.SHARE, 57.3, 0.28, _same(63, 13), spread=0.18, rounds=True,
    ),
    Spec(
        "cars-a-l-heure", "Cars passés à l’heure", COACHES, "% des passages",
        Shape.SHARE, 66, 0.75, (Goal(80, 5), Goal(80, 5), Goal(74, 9)), season=0.05, spread=0.1,
    ),
    Spec(
        "routes-reparees", "Signalements de route abîmée réparés en trente jours", COACHES, "% des signalements",
        Shape.SHARE, 29, 1.4, (Goal(60, 7), Goal(60, 11), Goal(60, 11)), season=0.1, spread=0.32,
    ),
    Spec(
        "digues-inspectees", "Digues inspectées au cours des trois dernières années", SHORES, "% des digues",
        Shape.SHARE, 47, 2.2, _same(75, 11), spread=0.15, coast=True,
    ),
    Spec(
        "bibliotheques-dimanche", "Bibliothèques ouvertes le dimanche", READING, "bibliothèques",
        Shape.STOCK, 640, 38, _same(1_000, 10), decimals=0,
    ),
    Spec(
        "documents-un-mois", "Demandes de documents satisfaites en moins d’un mois", ARCHIVES, "% des demandes",
        Shape.SHARE, 44, 1.1, _same(65, 12), levels="NR", since=1,
    ),
)  # fmt: skip
