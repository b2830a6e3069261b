"""The territories of the barometer: France, 18 regions, 101 départements; how they are named, found by name and by postal code.

A code always carries its letter: ``R84`` is Auvergne-Rhône-Alpes, ``D84`` is Vaucluse. Source of codes and names: the official
geographic code (INSEE), as the published editions write them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from feedback_app.domain.text import fold

FRANCE = "FRANCE"


class TerritoryKind(StrEnum):
    COUNTRY = "country"
    REGION = "region"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Territory:
    """``name``: "Rhône"; ``inside``: "dans le Rhône", for French titles; ``parent``: the code of what contains it."""

    code: str
    kind: TerritoryKind
    name: str
    inside: str
    parent: str | None

    @property
    def number(self) -> str:
        """The code without its letter, as départements are known ("69", "2A"); empty for France."""
        return "" if self.kind is TerritoryKind.COUNTRY else self.code[1:]

    @property
    def label(self) -> str:
        """The name that leaves no doubt in a list: "Rhône (69)"; a region and the country need no number."""
        return f"{self.name} ({self.number})" if self.kind is TerritoryKind.DEPARTMENT else self.name


@dataclass(frozen=True)
class Uncovered:
    """A French territory for which the barometer publishes nothing."""

    name: str


# Each region, then its départements: the number, then the place as a sentence says it. The name follows the preposition.
_TABLE = """
R84 en Auvergne-Rhône-Alpes
01 dans l’Ain
03 dans l’Allier
07 en Ardèche
15 dans le Cantal
26 dans la Drôme
38 en Isère
42 dans la Loire
43 en Haute-Loire
63 dans le Puy-de-Dôme
69 dans le Rhône
73 en Savoie
74 en Haute-Savoie
R27 en Bourgogne-Franche-Comté
21 en Côte-d’Or
25 dans le Doubs
39 dans le Jura
58 dans la Nièvre
70 en Haute-Saône
71 en Saône-et-Loire
89 dans l’Yonne
90 dans le Territoire de Belfort
R53 en Bretagne
22 dans les Côtes-d’Armor
29 dans le Finistère
35 en Ille-et-Vilaine
56 dans le Morbihan
R24 en Centre-Val de Loire
18 dans le Cher
28 en Eure-et-Loir
36 dans l’Indre
37 en Indre-et-Loire
41 en Loir-et-Cher
45 dans le Loiret
R94 en Corse
2A en Corse-du-Sud
2B en Haute-Corse
R44 dans le Grand Est
08 dans les Ardennes
10 dans l’Aube
51 dans la Marne
52 en Haute-Marne
54 en Meurthe-et-Moselle
55 dans la Meuse
57 en Moselle
67 dans le Bas-Rhin
68 dans le Haut-Rhin
88 dans les Vosges
R01 en Guadeloupe
971 en Guadeloupe
R03 en Guyane
973 en Guyane
R32 dans les Hauts-de-France
02 dans l’Aisne
59 dans le Nord
60 dans l’Oise
62 dans le Pas-de-Calais
80 dans la Somme
R11 en Île-de-France
75 à Paris
77 en Seine-et-Marne
78 dans les Yvelines
91 dans l’Essonne
92 dans les Hauts-de-Seine
93 en Seine-Saint-Denis
94 dans le Val-de-Marne
95 dans le Val-d’Oise
R04 à La Réunion
974 à La Réunion
R02 en Martinique
972 en Martinique
R06 à Mayotte
976 à Mayotte
R28 en Normandie
14 dans le Calvados
27 dans l’Eure
50 dans la Manche
61 dans l’Orne
76 en Seine-Maritime
R75 en Nouvelle-Aquitaine
16 en Charente
17 en Charente-Maritime
19 en Corrèze
23 dans la Creuse
24 en Dordogne
33 en Gironde
40 dans les Landes
47 en Lot-et-Garonne
64 dans les Pyrénées-Atlantiques
79 dans les Deux-Sèvres
86 dans la Vienne
87 en Haute-Vienne
R76 en Occitanie
09 en Ariège
11 dans l’Aude
12 dans l’Aveyron
30 dans le Gard
31 en Haute-Garonne
32 dans le Gers
34 dans l’Hérault
46 dans le Lot
48 en Lozère
65 dans les Hautes-Pyrénées
66 dans les Pyrénées-Orientales
81 dans le Tarn
82 en Tarn-et-Garonne
R52 dans les Pays de la Loire
44 en Loire-Atlantique
49 en Maine-et-Loire
53 en Mayenne
72 dans la Sarthe
85 en Vendée
R93 en Provence-Alpes-Côte d’Azur
04 dans les Alpes-de-Haute-Provence
05 dans les Hautes-Alpes
06 dans les Alpes-Maritimes
13 dans les Bouches-du-Rhône
83 dans le Var
84 dans le Vaucluse
"""
_PREPOSITION = re.compile(r"dans (?:l’|la |les? )|en |à ")


def _read_table() -> Mapping[str, Territory]:
    territories = [Territory(FRANCE, TerritoryKind.COUNTRY, "France", "en France", None)]
    region = ""
    for line in _TABLE.strip().splitlines():
        number, inside = line.split(" ", 1)
        name = _PREPOSITION.sub("", inside, count=1)
        if number.startswith("R"):
            region = number
            territories.append(Territory(region, TerritoryKind.REGION, name, inside, FRANCE))
        else:
            territories.append(Territory(f"D{number}", TerritoryKind.DEPARTMENT, name, inside, region))
    # France, the regions by name (accents aside), the départements by number.
    kinds = list(TerritoryKind)
    territories.sort(key=lambda one: (kinds.index(one.kind), one.number if one.kind is TerritoryKind.DEPARTMENT else fold(one.name)))
    return MappingProxyType({territory.code: territory for territory in territories})


TERRITORIES = _read_table()
"""All of them by code, in the order of lists: France, the regions by name, the départements by number."""

_UNCOVERED = {
    "975": Uncovered("Saint-Pierre-et-Miquelon"),
    "977": Uncovered("Saint-Barthélemy"),
    "978": Uncovered("Saint-Martin"),
    "986": Uncovered("Wallis-et-Futuna"),
    "987": Uncovered("Polynésie française"),
    "988": Uncovered("Nouvelle-Calédonie"),
}
_UNCOVERED_POSTAL = {"97133": _UNCOVERED["977"], "97150": _UNCOVERED["978"]}
_NUMBER = re.compile("[0-9]{1,3}|2[ab]")
_NOT_MEANT = 3
_CORSICA = {"200": "D2A", "201": "D2A", "202": "D2B", "206": "D2B"}


def region(number: str) -> Territory | None:
    """The region that a column of regions calls ``84``, or None."""
    return TERRITORIES.get(f"R{number}")


def department(number: str) -> Territory | None:
    """The département that a column of départements calls ``69``, ``2A`` or ``974``, or None."""
    return TERRITORIES.get(f"D{number}")


def within(code: str) -> Sequence[Territory]:
    """The territories directly inside this one: the regions of France, the départements of a region."""
    return [territory for territory in TERRITORIES.values() if territory.parent == code]


def of_postal_code(postal_code: str) -> Territory | Uncovered | None:
    """The département of a postal code, a territory that the barometer does not cover, or None: not a French postal code.

    Its first figures decide, as the post does: some fifty communes are served from the neighbouring département, so a page names
    what it found and lets people choose another.
    """
    digits = "".join(postal_code.split())
    if not (len(digits) == 5 and digits.isascii() and digits.isdigit()):
        return None
    start = digits[:3]
    if digits in _UNCOVERED_POSTAL or start in _UNCOVERED:
        return _UNCOVERED_POSTAL.get(digits) or _UNCOVERED[start]
    if start[:2] == "20":
        return TERRITORIES.get(_CORSICA.get(start, ""))
    return department(start if start[:2] == "97" else start[:2])


def search(words: str) -> Sequence[Territory]:
    """The territories that a person may mean by a name, the beginning of one, a number or a code; the likeliest first.

    Accents, case, hyphens and apostrophes do not count: "cotes d armor", "reunion", "69", "D69" and "R84" all find something.
    """
    wanted = _plain(words)
    if _NUMBER.fullmatch(wanted):
        # "1" is "01" for many; a number alone means a département, as everybody uses it.
        found = department(wanted.upper().zfill(2))
        return [found] if found else []
    ranked = [(_rank(territory, wanted), territory) for territory in TERRITORIES.values()] if wanted else []
    return [territory for rank, territory in sorted((pair for pair in ranked if pair[0] < _NOT_MEANT), key=lambda pair: pair[0])]


def _rank(territory: Territory, wanted: str) -> int:
    name = _NAMES[territory.code]
    if wanted in (name, territory.code.casefold()):
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in name else _NOT_MEANT


def _plain(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").replace("'", " ").split())


_NAMES = {code: _plain(territory.name) for code, territory in TERRITORIES.items()}
