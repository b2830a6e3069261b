"""Published CSV files, byte by byte: what can be read is read, and everything wrong is named with its place.

UTF-8 with or without a byte order mark, any line ends. A file that looks cut off is refused: half of an edition must not pass for one.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from feedback_app.importers.problems import ImportRefused, Problem, printable, shown

KEPT_PROBLEMS = 1000
KEPT_WARNINGS = 200
MAX_FIELD = 20_000


class _Reader(Protocol):
    """What ``csv.reader`` makes: the class has no public name."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


@dataclass(frozen=True)
class CellProblem(Problem):
    """A problem inside a set of files. ``line`` counts from 1, the header included; ``column`` is the column's name."""

    file: str = ""
    line: int | None = None
    column: str | None = None


class Findings:
    """What a reading found wrong, or accepted with a word about it. The first thousand problems are kept, all are counted."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.count = 0
        self._warnings: dict[str, None] = {}

    def problem(self, file: str, message: str, value: str | None = None, *, line: int | None = None, column: str | None = None) -> None:
        self.count += 1
        if len(self.problems) < KEPT_PROBLEMS:
            name = "".join(map(printable, file))
            place = [name, *([f"ligne {line}"] if line else []), *([f"colonne {printable(column)}"] if column else [])]
            found = None if value is None else shown(value)
            self.problems.append(CellProblem(", ".join(place), found, message, name, line, column and printable(column)))

    def warn(self, sentence: str) -> None:
        self._warnings[sentence] = None

    def warnings(self) -> tuple[str, ...]:
        """Each sentence once; past two hundred only their number."""
        sentences = list(self._warnings)
        left_out = len(sentences) - KEPT_WARNINGS
        return tuple(sentences[:KEPT_WARNINGS]) + ((f"… et {left_out} autres avertissements",) if left_out > 0 else ())

    def refuse_if_any(self) -> None:
        """Raise ``ImportRefused`` with everything found so far, if there is anything."""
        if self.count:
            raise ImportRefused(self.problems, count=self.count)


@dataclass(frozen=True)
class Table:
    """A file that has a header: where each column is, and the rows with their lines, read one by one."""

    file: str
    columns: dict[str, int]
    _text: str
    _findings: Findings

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that have as many cells as the header, each with its line. What is wrong with the others is a problem."""
        width, line = len(self.columns), 1
        reader = _reader(self._text)
        try:
            next(reader)
            for row in reader:
                line = reader.line_num
                if len(row) == width:
                    yield line, row
                elif row:
                    self._wrong_width(line, row, width, is_last=next(reader, None) is None)
        except csv.Error as error:
            self._findings.problem(self.file, _csv_words(error), line=reader.line_num or line)

    def _wrong_width(self, line: int, row: Sequence[str], width: int, *, is_last: bool) -> None:
        cut = " : le fichier semble tronqué" if is_last and len(row) < width else ""
        self._findings.problem(self.file, f"{width} cellules attendues, {len(row)} trouvées{cut}", ",".join(row), line=line)


def read_table(file: str, data: bytes, required: Collection[str], known: Collection[str], findings: Findings) -> Table | None:
    """Read the header of a CSV file and look at its end. None where there is no reading it: the findings then say why.

    ``required`` columns must be there; others than those and the ``known`` ones are left aside with a warning.
    """
    text = decoded(file, data, findings)
    if text is None:
        return None
    try:
        header = [name.strip() for name in next(_reader(text), [])]
    except csv.Error as error:
        findings.problem(file, _csv_words(error), line=1)
        return None
    columns = {name: index for index, name in enumerate(header)}
    missing = [name for name in required if name not in columns]
    doubled = [name for name in columns if header.count(name) > 1]
    for name in missing:
        findings.problem(file, "cette colonne est attendue et manque", ",".join(header), line=1, column=name)
    for name in doubled:
        findings.problem(file, "cette colonne est présente plusieurs fois", line=1, column=name)
    if missing or doubled:
        return None
    extra = [name for name in columns if name not in required and name not in known]
    if extra:
        findings.warn(f"{file} : colonnes inconnues laissées de côté : {', '.join(map(printable, extra))}")
    _look_at_the_end(file, text, len(header), findings)
    return Table(file, columns, text, findings)


def decoded(file: str, data: bytes, findings: Findings) -> str | None:
    """The text of a UTF-8 file without its byte order mark, or None with a problem that says what it seems to be instead."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[:2000].count(0) > len(data[:2000]) // 4:
        findings.problem(file, "le fichier doit être enregistré en UTF-8, il semble être en UTF-16")
        return None
    if (at := data.find(0)) >= 0:
        findings.problem(file, "caractère interdit U+0000 (NUL)", line=data.count(b"\n", 0, at) + 1)
        return None
    bom = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        text = data[bom:].decode("utf-8")
    except UnicodeDecodeError as error:
        at = bom + error.start
        message = f"le fichier n’est pas en UTF-8 (Windows-1252 ?) : octet 0x{data[at]:02X}, le n° {at + 1} du fichier"
        if error.reason == "unexpected end of data":
            message = "le fichier se termine au milieu d’un caractère : il semble tronqué"
        findings.problem(file, message, line=data.count(b"\n", 0, at) + 1)
        return None
    if not text.strip():
        findings.problem(file, "le fichier est vide")
        return None
    return text


def _look_at_the_end(file: str, text: str, width: int, findings: Findings) -> None:
    """A last line without an end may have lost letters: it passes when its last cell is empty, or is that of another line too."""
    if text.endswith(("\n", "\r")):
        return
    start = max(text.rfind("\n"), text.rfind("\r")) + 1
    try:
        last = next(_reader(text[start:]), [])
    except csv.Error:
        return  # an open quotation mark: reading the rows will find it
    if len(last) != width or not last[-1]:
        return  # too short: reading the rows will find it
    if f",{last[-1]}\n" not in text.replace("\r", "\n"):
        line = text.count("\n") + 1
        findings.problem(file, "la dernière ligne n’est pas terminée : le fichier semble tronqué", last[-1], line=line)


def _reader(text: str) -> _Reader:
    csv.field_size_limit(MAX_FIELD)
    return csv.reader(io.StringIO(text, newline=""), strict=True)


def _csv_words(error: csv.Error) -> str:
    words = str(error)
    if "end of data" in words:
        return "un guillemet n’est jamais refermé : le fichier semble tronqué"
    if "field larger" in words:
        return f"une cellule dépasse {MAX_FIELD} caractères"
    return f"ce n’est pas du CSV (guillemets ou séparateurs mal placés : {printable(words)})"
