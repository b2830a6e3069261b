"""The two published formats of the barometer, read: every row as it is published, or every problem with its place."""

from __future__ import annotations

import codecs
import random
from datetime import date

import pytest

from feedback_app.domain.barometer import EditionFormat, Series, Tendency
from feedback_app.domain.figures import BaselineRow, EditionFile, IndicatorRow, ObservationRow, ReformRow, TargetRow
from feedback_app.importers.barometer import read_edition
from feedback_app.importers.csv_table import CellProblem
from feedback_app.importers.problems import ImportRefused
from feedback_app.importers.synthesis_files import reform_code
from tests.edition_files import (
    DATA,
    DEPARTMENTAL,
    DETAIL,
    INDICATORS,
    NATIONAL,
    REGIONAL,
    UNITS,
    Files,
    by_indicator,
    by_synthesis,
    changed,
)

END = date(2025, 12, 31)


def refusal(files: Files) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        read_edition(files)
    return caught.value


def problems_of(files: Files) -> list[str]:
    """The lines of the refusal; none for an edition that is read."""
    try:
        read_edition(files)
    except ImportRefused as refused:
        return list(refused.lines())
    return []


def only_problem(files: Files) -> CellProblem:
    (problem,) = refusal(files).problems
    assert isinstance(problem, CellProblem)
    return problem


def test_an_edition_of_files_by_indicator_is_read_as_published():
    edition = read_edition(by_indicator())
    assert edition.format is EditionFormat.INDICATOR_FILES
    assert edition.reforms == (ReformRow("CH-001", "Ouvrir les guichets", "PROGRES", "Refonder les services publics"),)
    assert edition.indicators == (
        IndicatorRow(
            "IND-001", "Guichets ouverts, le soir", "CH-001", "guichets", "guichets", Tendency.UP, "Guichets ouverts après 18 heures",
            "Services", "Ouvrir",
        ),
    )  # fmt: skip
    figures = edition.figures["IND-001"]
    assert figures.observations == [
        ObservationRow("FRANCE", Series.HEADLINE, date(2025, 6, 30), "12.50", 12.5, None, None),
        ObservationRow("FRANCE", Series.HEADLINE, END, "15.0", 15.0, "50.0", 50.0),
        ObservationRow("R84", Series.HEADLINE, END, "3.0", 3.0, None, None),
        ObservationRow("D84", Series.HEADLINE, END, "1.0", 1.0, None, None),
    ]
    assert figures.targets == [TargetRow("FRANCE", date(2027, 12, 31), "20.0", 20.0)]
    assert figures.baselines == [BaselineRow("FRANCE", date(2022, 12, 31), "10.0", 10.0)]
    assert edition.warnings == ()


def test_an_edition_of_syntheses_keeps_headline_and_periodic_apart():
    edition = read_edition(by_synthesis())
    assert edition.format is EditionFormat.SYNTHESIS
    assert edition.reforms[0] == ReformRow("ouvrir-enfin-les-guichets", "Ouvrir, enfin, les guichets")
    assert edition.indicators[1] == IndicatorRow("delai-reponse", "Délai de réponse", "repondre-vite", "jours")
    figures = edition.figures["nb-guichets"]
    assert figures.observations == [
        ObservationRow("FRANCE", Series.HEADLINE, END, "15.0", 15.0, "50.0", 50.0),
        ObservationRow("R84", Series.HEADLINE, END, "3.0", 3.0, None, None),
        ObservationRow("D84", Series.HEADLINE, END, "1.0", 1.0, None, None),
        ObservationRow("FRANCE", Series.PERIODIC, date(2025, 11, 30), "1.0", 1.0, None, None),
        ObservationRow("FRANCE", Series.PERIODIC, END, "2.0", 2.0, None, None),
    ]
    assert figures.targets == [TargetRow("FRANCE", date(2027, 12, 31), "20.0", 20.0), TargetRow("D84", date(2027, 12, 31), "2.0", 2.0)]
    assert figures.baselines == [BaselineRow("FRANCE", date(2022, 12, 31), "10.0", 10.0), BaselineRow("R84", None, "2.0", 2.0)]


BOTH = pytest.mark.parametrize("files", [by_indicator(), by_synthesis()], ids=["by indicator", "synthesis"])


@BOTH
@pytest.mark.parametrize(
    "convert",
    [
        lambda data: codecs.BOM_UTF8 + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\n".join([data.splitlines()[0], *reversed(data.splitlines()[1:])]) + b"\n" if b"indicateurs:" not in data else data,
    ],
    ids=["byte order mark", "CRLF", "other order"],
)
def test_the_same_content_in_another_dress_is_the_same(files, convert):
    def figures(edition: EditionFile) -> dict[str, list[object]]:
        return {code: sorted(some.observations) + sorted(some.baselines) for code, some in edition.figures.items()}

    dressed = read_edition({name: convert(data) for name, data in files.items()})
    assert figures(dressed) == figures(read_edition(files))
    assert dressed.digest == read_edition(files).digest


@BOTH
def test_folders_above_do_not_matter_and_other_files_are_named(files):
    edition = read_edition({**{f"edition/{name}": data for name, data in files.items()}, "edition/notes.txt": b"\xff"})
    assert edition.digest == read_edition(files).digest
    assert edition.warnings == ("edition/notes.txt : fichier laissé de côté",)


def test_another_figure_is_another_content():
    assert read_edition(changed(by_indicator(), DATA, "15.0", "15.00")).digest != read_edition(by_indicator()).digest
    assert read_edition(changed(by_indicator(), UNITS, "unite: guichets", "unite: lieux")).digest != read_edition(by_indicator()).digest


def test_the_older_edition_says_the_tendency_beside_the_units():
    older = changed(changed(by_indicator(), INDICATORS, ",tendance", ""), INDICATORS, ",hausse", "")
    assert read_edition(changed(older, UNITS, "tendance: hausse", "tendance: baisse")).indicators[0].tendency is Tendency.DOWN


def test_extra_columns_are_left_aside_with_a_warning():
    extra = by_indicator()
    lines = extra[DATA].decode().splitlines()
    extra[DATA] = "".join(f"{line},{'note' if at == 0 else 'x'}\n" for at, line in enumerate(lines)).encode()
    edition = read_edition(extra)
    assert edition.warnings == (f"{DATA} : colonnes inconnues laissées de côté : note",)
    assert edition.digest == read_edition(by_indicator()).digest


def test_agreeing_doubles_are_accepted_with_a_warning():
    again = "IND-001,R84,2025-12-31,REG,,3.0,,\n"
    edition = read_edition(changed(by_indicator(), DATA, again, again * 2))
    assert edition.digest == read_edition(by_indicator()).digest
    assert "qui disent la même chose" in edition.warnings[0]


def test_an_indicator_under_two_names_keeps_the_first_with_a_warning():
    row = '"Ouvrir, enfin, les guichets ",Guichets ouverts,nb-guichets,84,Vaucluse'
    other = row.replace("Guichets ouverts", "Guichets d’accueil")
    edition = read_edition(changed(by_synthesis(), DEPARTMENTAL, row, other))
    assert edition.indicators[0].name == "Guichets ouverts"
    assert "plusieurs noms" in edition.warnings[0]


def test_a_value_without_a_date_is_left_aside_with_a_warning():
    edition = read_edition(changed(by_indicator(), DATA, "R84,2025-12-31", "R84,"))
    assert len(edition.figures["IND-001"].observations) == 3
    assert edition.warnings == (f"{DATA} : valeur sans date, laissé de côté sur 1 ligne(s), d’abord ligne 6",)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "value", "words"),
    [
        ("R84,", "84,", 6, "enforce_zone_id", '"84"', "toujours avec sa lettre"),
        ("D84,,", "D20,,", 7, "enforce_zone_id", '"D20"', "un territoire est attendu"),
        ("R84,2025-12-31,REG", "R84,2025-12-31,DEPT", 6, "maille", '"DEPT"', "la maille attendue pour R84 est REG"),
        ("IND-001,R84", "IND-999,R84", 6, "indic_id", '"IND-999"', "n’est pas dans meta_indicateurs.csv"),
        ("12.50", "12,50".replace(",", "%2C"), 3, "indic_va", '"12%2C50"', "un nombre est attendu"),
        ("12.50", "NaN", 3, "indic_va", '"NaN"', "un nombre est attendu"),
        ("12.50", "1e999", 3, "indic_va", '"1e999"', "un nombre est attendu"),
        ("12.50", "１２", 3, "indic_va", '"１２"', "un nombre est attendu"),
        ("20.0", "vingt", 5, "indic_vc", '"vingt"', "un nombre est attendu"),
        ("50.0", "oui", 4, "indic_ta", '"oui"', "un nombre est attendu"),
        ("10.0", "?", 2, "indic_vi", '"?"', "un nombre est attendu"),
        ("2025-06-30", "2025-06-31", 3, "metric_enforce_date", '"2025-06-31"', "une date est attendue"),
        ("2025-06-30", "30/06/2025", 3, "metric_enforce_date", '"30/06/2025"', "une date est attendue"),
        ("2025-06-30", "0025-06-30", 3, "metric_enforce_date", '"0025-06-30"', "une date est attendue"),
    ],
)
def test_a_bad_cell_is_named_with_its_place(old, new, line, column, value, words):
    problem = only_problem(changed(by_indicator(), DATA, old, new))
    assert (problem.file, problem.line, problem.column, problem.value) == (DATA, line, column, value)
    assert words in problem.message
    assert str(problem).startswith(f"{DATA}, ligne {line}, colonne {column} : ")


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "column", "words"),
    [
        (REGIONAL, ",84,Auv", ",D84,Auv", 2, "code_region", "18 régions"),
        (REGIONAL, ",84,Auv", ",69,Auv", 2, "code_region", "18 régions"),
        (DEPARTMENTAL, ",84,Vau", ",1,Vau", 2, "code_departement", "101 départements"),
        (DEPARTMENTAL, ",84,Vau", ",D84,Vau", 2, "code_departement", "101 départements"),
        (NATIONAL, "delai-reponse,national", "delai-reponse,France", 3, "maille_geographique", "« national »"),
        (DETAIL, "nb-guichets,national,2025-11-30", "nb-inconnu,national,2025-11-30", 2, "id_indicateur", "aucune synthèse"),
        (NATIONAL, "30.0", "trente", 3, "valeur_actuelle", "un nombre est attendu"),
        (DETAIL, "2025-11-30", "2025-11-31", 2, "date", "une date est attendue"),
    ],
)
def test_in_a_synthesis_the_column_decides_the_letter(name, old, new, line, column, words):
    problem = only_problem(changed(by_synthesis(), name, old, new))
    assert (problem.file, problem.line, problem.column) == (name, line, column)
    assert words in problem.message


@pytest.mark.parametrize(
    ("files", "name", "row", "other"),
    [
        (by_indicator(), DATA, "IND-001,R84,2025-12-31,REG,,3.0,,\n", "IND-001,R84,2025-12-31,REG,,4.0,,\n"),
        (by_indicator(), DATA, "IND-001,FRANCE,2027-12-31,NAT,,,20.0,\n", "IND-001,FRANCE,2027-12-31,NAT,,,21.0,\n"),
        (by_indicator(), DATA, "IND-001,FRANCE,2022-12-31,NAT,10.0,,,\n", "IND-001,FRANCE,2021-12-31,NAT,10.0,,,\n"),
        (by_indicator(), DATA, "2025-12-31,NAT,,15.0,,50.0\n", "2025-12-31,NAT,,15.0,,51.0\n"),
        (by_synthesis(), DETAIL, "2025-11-30,1.0,guichets\n", "2025-11-30,1.5,guichets\n"),
    ],
    ids=["value", "target", "date of the baseline", "rate", "periodic"],
)
def test_two_figures_for_one_key_are_refused(files, name, row, other):
    line = next(text for text in files[name].decode().splitlines(keepends=True) if text.endswith(row))
    problem = only_problem(changed(files, name, line, line + line.replace(row, other)))
    assert "autre chiffre que celui de" in problem.message


def test_one_date_may_bear_a_headline_and_a_periodic_figure():
    assert len(read_edition(by_synthesis()).figures["nb-guichets"].observations) == 5


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", [INDICATORS, UNITS])
def test_another_encoding_is_refused(name, encoding):
    files = changed(by_indicator(), name, "uichets", "uichets à l’accueil")
    problem = only_problem({**files, name: files[name].decode().encode(encoding)})
    assert "UTF-8" in problem.message
    assert problem.file == name


@pytest.mark.parametrize("cut", [4, 20, 45, 60])
@pytest.mark.parametrize(
    ("files", "name"), [(by_indicator(), DATA), (by_synthesis(), NATIONAL), (by_synthesis(), DETAIL), (by_indicator(), INDICATORS)]
)
def test_a_file_that_is_cut_off_is_refused(files, name, cut):
    found = refusal({**files, name: files[name][:-cut]})
    assert any("tronqué" in problem.message for problem in found.problems)


def test_a_last_line_without_an_end_is_fine_when_nothing_can_be_missing():
    whole = by_synthesis()
    assert read_edition({**whole, DETAIL: whole[DETAIL].rstrip(b"\n")}).digest == read_edition(whole).digest


def test_units_cut_off_are_refused():
    files = by_indicator()
    assert only_problem({**files, UNITS: files[UNITS][:30]}).file == UNITS


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b"\n \n", "vide"),
        (b"indic_id,\x00\n", "U+0000"),
        (b"indic_id;enforce_zone_id\n", "cette colonne est attendue et manque"),
        (b'"' + b"x" * 30_000 + b'"\n', "dépasse 20000"),
    ],
)
def test_a_hopeless_file_is_refused(data, words):
    found = refusal({**by_indicator(), DATA: data})
    assert words in found.problems[0].message


def test_a_huge_cell_is_refused_without_being_quoted_whole():
    found = refusal(changed(by_indicator(), DATA, "12.50", "9" * 30_000))
    assert "dépasse 20000" in str(found.problems[0])
    found = refusal(changed(by_indicator(), DATA, "12.50", "9" * 10_000))
    assert len(str(found.problems[0])) < 300


def test_a_missing_column_is_named():
    problem = only_problem(changed(by_indicator(), DATA, "indic_vc", "cible"))
    assert (problem.line, problem.column) == (1, "indic_vc")


@pytest.mark.parametrize("name", list(by_indicator()))
def test_a_missing_file_is_named(name):
    files = by_indicator()
    del files[name]
    found = refusal(files)
    assert any("manque" in problem.message or "aucun fichier de chiffres" in problem.message for problem in found.problems)


@pytest.mark.parametrize("files", [{}, {"a.csv": b"x"}, {"plan.json": b"{}"}])
def test_neither_format_is_refused(files):
    assert "aucun des deux formats" in refusal(files).problems[0].message


def test_both_formats_at_once_are_refused():
    assert "mêlés" in only_problem({**by_indicator(), **by_synthesis()}).message


def test_two_editions_in_one_folder_are_refused():
    two = {f"{edition}/{name}": data for edition in ("2021", "2023") for name, data in by_synthesis().items()}
    assert len(refusal(two).problems) == 4


def test_an_indicator_without_its_unit_entry_is_refused():
    assert "IND-001" in only_problem(changed(by_indicator(), UNITS, "id: IND-001", "id: IND-002")).message


@pytest.mark.parametrize(
    "text", ["a: [", "- x", "indicateurs: 3", "a: &a [*a]\nb: ]", "[" * 3000, "!!python/object/apply:os.system [true]"]
)
def test_bad_units_are_refused_not_run(text):
    assert refusal({**by_indicator(), UNITS: text.encode()}).problems


def test_all_problems_are_counted_the_first_thousand_kept():
    rows = "".join(f"IND-001,R84,2020-01-01,REG,,x{number},,\n" for number in range(1500))
    files = by_indicator()
    found = refusal({**files, DATA: files[DATA] + rows.encode()})
    assert (len(found.problems), found.count) == (1000, 1500)
    lines = list(found.lines(100))
    assert (len(lines), lines[-1]) == (101, "… et 1400 autres problèmes")


def test_a_reform_without_a_code_gets_one_from_its_name():
    assert reform_code("Dédoubler les classes en REP (CP, CE1) ") == "dedoubler-les-classes-en-rep-cp-ce1"
    long_ones = {reform_code("très " * 30 + end) for end in ("un", "deux")}
    assert len(long_ones) == 2
    assert max(map(len, long_ones)) <= 80


@pytest.mark.parametrize("seed", range(60))
def test_damaged_files_are_read_or_refused_never_a_crash(seed):
    """Bytes lost, doubled, swapped or overwritten anywhere: always the same sixty times five damages."""
    chance = random.Random(seed)
    for files in (by_indicator(), by_synthesis()):
        for _damage in range(5):
            name = chance.choice(sorted(files))
            data = bytearray(files[name])
            start, length = chance.randrange(len(data)), chance.randrange(1, 40)
            match chance.randrange(4):
                case 0:
                    del data[start : start + length]
                case 1:
                    data[start:start] = data[start : start + length]
                case 2:
                    data[start : start + length] = bytes(chance.choices(b'",\n\r-0.e9\x00\xff\xe9:[]{}&*', k=length))
                case _:
                    data = data[start:] + data[:start]
            lines = problems_of({**files, name: bytes(data)})
            assert all(line and "\n" not in line for line in lines)
