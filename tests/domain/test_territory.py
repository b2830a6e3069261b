"""France, its regions and départements: codes with their letter, names, and how people find theirs."""

from __future__ import annotations

from collections import Counter

import pytest

from feedback_app.domain.territory import (
    FRANCE,
    TERRITORIES,
    TerritoryKind,
    Uncovered,
    department,
    of_postal_code,
    region,
    search,
    within,
)


def names(words: str) -> list[str]:
    return [territory.label for territory in search(words)]


def test_there_are_18_regions_and_101_departements_below_france():
    assert Counter(territory.kind for territory in TERRITORIES.values()) == {
        TerritoryKind.COUNTRY: 1,
        TerritoryKind.REGION: 18,
        TerritoryKind.DEPARTMENT: 101,
    }
    assert [one.code for one in within(FRANCE)] == [one.code for one in TERRITORIES.values() if one.kind is TerritoryKind.REGION]
    assert sum(len(within(one.code)) for one in within(FRANCE)) == 101


def test_a_code_always_carries_its_letter():
    assert (TERRITORIES["R84"].name, TERRITORIES["D84"].name) == ("Auvergne-Rhône-Alpes", "Vaucluse")
    assert (region("84"), department("84")) == (TERRITORIES["R84"], TERRITORIES["D84"])
    assert "84" not in TERRITORIES
    assert region("69") is None
    assert department("20") is None
    assert department("D69") is None


def test_lists_show_france_then_regions_by_name_then_departements_by_number():
    codes = list(TERRITORIES)
    assert codes[:3] == ["FRANCE", "R84", "R27"]
    assert codes[18:24] == ["R93", "D01", "D02", "D03", "D04", "D05"]
    assert codes[codes.index("D19") :][:4] == ["D19", "D21", "D22", "D23"]
    assert codes[codes.index("D29") :][:4] == ["D29", "D2A", "D2B", "D30"]
    assert codes[-5:] == ["D971", "D972", "D973", "D974", "D976"]
    regions = [TERRITORIES[code].name for code in codes[1:19]]
    assert regions.index("Hauts-de-France") < regions.index("Île-de-France") < regions.index("La Réunion")


@pytest.mark.parametrize(
    ("code", "inside", "label", "parent"),
    [
        ("FRANCE", "en France", "France", None),
        ("R84", "en Auvergne-Rhône-Alpes", "Auvergne-Rhône-Alpes", "FRANCE"),
        ("R52", "dans les Pays de la Loire", "Pays de la Loire", "FRANCE"),
        ("D01", "dans l’Ain", "Ain (01)", "R84"),
        ("D38", "en Isère", "Isère (38)", "R84"),
        ("D69", "dans le Rhône", "Rhône (69)", "R84"),
        ("D75", "à Paris", "Paris (75)", "R11"),
        ("D06", "dans les Alpes-Maritimes", "Alpes-Maritimes (06)", "R93"),
        ("D23", "dans la Creuse", "Creuse (23)", "R75"),
        ("D2B", "en Haute-Corse", "Haute-Corse (2B)", "R94"),
        ("D974", "à La Réunion", "La Réunion (974)", "R04"),
        ("D90", "dans le Territoire de Belfort", "Territoire de Belfort (90)", "R27"),
    ],
)
def test_each_is_named_as_people_say_it(code, inside, label, parent):
    territory = TERRITORIES[code]
    assert (territory.inside, territory.label, territory.parent) == (inside, label, parent)


def test_no_name_keeps_a_preposition():
    assert [one.name for one in TERRITORIES.values() if one.name[0].islower()] == []
    assert all(one.inside.endswith(one.name) and one.inside != one.name for one in TERRITORIES.values())


@pytest.mark.parametrize(
    ("postal_code", "code"),
    [
        ("69003", "D69"),
        ("01000", "D01"),
        ("75116", "D75"),
        ("95880", "D95"),
        ("20000", "D2A"),
        ("20137", "D2A"),
        ("20200", "D2B"),
        ("20600", "D2B"),
        ("97110", "D971"),
        ("97200", "D972"),
        ("97300", "D973"),
        ("97400", "D974"),
        ("97600", "D976"),
        (" 69 003 ", "D69"),
    ],
)
def test_a_postal_code_leads_to_its_departement(postal_code, code):
    assert of_postal_code(postal_code) == TERRITORIES[code]


@pytest.mark.parametrize(
    ("postal_code", "name"),
    [
        ("97500", "Saint-Pierre-et-Miquelon"),
        ("97133", "Saint-Barthélemy"),
        ("97700", "Saint-Barthélemy"),
        ("97150", "Saint-Martin"),
        ("97800", "Saint-Martin"),
        ("98600", "Wallis-et-Futuna"),
        ("98714", "Polynésie française"),
        ("98800", "Nouvelle-Calédonie"),
    ],
)
def test_a_territory_that_the_barometer_does_not_cover_is_named(postal_code, name):
    assert of_postal_code(postal_code) == Uncovered(name)


@pytest.mark.parametrize(
    "postal_code", ["", "6900", "690030", "00100", "96000", "98000", "97900", "20300", "99999", "2A004", "Lyon", "٦٩٠٠٣", "6900³"]
)
def test_what_is_no_postal_code_finds_nothing(postal_code):
    assert of_postal_code(postal_code) is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Isère", ["Isère (38)"]),
        ("isere", ["Isère (38)"]),
        ("cotes d'armor", ["Côtes-d’Armor (22)"]),
        ("CÔTES D’ARMOR", ["Côtes-d’Armor (22)"]),
        ("val d oise", ["Val-d’Oise (95)"]),
        ("reunion", ["La Réunion", "La Réunion (974)"]),
        ("rhone", ["Rhône (69)", "Auvergne-Rhône-Alpes", "Bouches-du-Rhône (13)"]),
        ("loire", ["Loire (42)", "Loire-Atlantique (44)", "Loiret (45)", "Centre-Val de Loire", "Pays de la Loire"]),
        ("69", ["Rhône (69)"]),
        ("1", ["Ain (01)"]),
        ("2a", ["Corse-du-Sud (2A)"]),
        ("D84", ["Vaucluse (84)"]),
        ("r84", ["Auvergne-Rhône-Alpes"]),
        ("974", ["La Réunion (974)"]),
        ("20", []),
        ("Lyon", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_people_find_a_territory_by_name_or_number_the_likeliest_first(words, found):
    assert names(words)[: len(found) or None] == found
