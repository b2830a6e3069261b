"""Editions of the barometer, in the two formats in which the State published them (``docs/barometer-format.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from feedback_app.domain.figures import EditionFile
from feedback_app.importers import indicator_files, synthesis_files
from feedback_app.importers.csv_table import Findings
from feedback_app.importers.problems import ImportRefused, Problem

MAX_BYTES = 100_000_000
NEITHER = (
    "aucun des deux formats du baromètre n’est reconnu : ni les fichiers barometre-resultats-synthese-….csv, "
    "ni metadata/meta_indicateurs.csv avec data/ind-….csv"
)


def is_part_of_an_edition(path: str) -> bool:
    """Whether a file of this path is read at all: so that nobody loads what is not."""
    name = PurePosixPath(path).name
    return synthesis_files.is_mine(name) or indicator_files.is_mine(name)


def read_edition(files: Mapping[str, bytes]) -> EditionFile:
    """Read one edition from its files, by path; folders above those of the format, and files that are none of its, do not matter.

    Raises ``ImportRefused`` with every problem: neither format or both, a file or a column that is missing, unknown territories and
    indicators, cells that are no number or date, two different figures for one key, wrong encodings, files that are cut off.
    """
    findings = Findings()
    if sum(map(len, files.values())) > MAX_BYTES:
        raise ImportRefused([Problem("édition", None, f"les fichiers dépassent ensemble {MAX_BYTES // 1_000_000} Mo")])
    named = _by_name(files, findings)
    synthesis = {name: path for name, path in named.items() if synthesis_files.is_mine(name)}
    by_indicator = {name: path for name, path in named.items() if indicator_files.is_mine(name)}
    if not synthesis and not by_indicator:
        findings.problem("édition", NEITHER)
    elif synthesis and by_indicator:
        both = "les deux formats du baromètre sont mêlés dans le même dossier"
        findings.problem("édition", both, ", ".join([*list(synthesis)[:1], *list(by_indicator)[:1]]))
    findings.refuse_if_any()
    module, mine = (synthesis_files, synthesis) if synthesis else (indicator_files, by_indicator)
    edition = module.read({name: (path, files[path]) for name, path in mine.items()}, findings)
    findings.refuse_if_any()
    if edition is None:
        raise ImportRefused([Problem("édition", None, NEITHER)])
    return edition


def _by_name(files: Mapping[str, bytes], findings: Findings) -> dict[str, str]:
    """The paths by file name, in order. One name in two folders is two editions."""
    named: dict[str, str] = {}
    for path in sorted(files):
        name = PurePosixPath(path).name
        if not is_part_of_an_edition(path):
            findings.warn(f"{path} : fichier laissé de côté")
        elif name in named:
            findings.problem(path, "ce fichier est présent deux fois : le dossier doit contenir une seule édition", named[name])
        else:
            named[name] = path
    return named
