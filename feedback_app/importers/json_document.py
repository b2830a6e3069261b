"""Bytes -> a JSON value, strictly: what Python's reader lets through or crashes on is refused here, with its place.

Source of the syntax: RFC 8259. Its section 4 leaves doubled names to the reader; here the second would silently replace the first.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from feedback_app.importers.problems import ImportRefused, Problem, printable, shown

Location = tuple[str | int, ...]

MAX_BYTES = 20_000_000
# A small file can hold millions of values, each of which may be wrong in several ways: this bounds the list of problems.
MAX_VALUES = 100_000
# Python's own integers refuse above 4,300 digits with an English sentence and no place.
MAX_DIGITS = 18

# Controls except \t and \n, bidirectional controls, and halves of surrogate pairs: PostgreSQL refuses some, the others deceive readers.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CHARACTER_NAMES = {"\0": "NUL", "\r": "retour chariot ; un saut de ligne s'écrit \\n"}
SIMPLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# json.JSONDecodeError.msg -> what was expected there
SYNTAX = {
    "Expecting value": "une valeur est attendue",
    "Expecting property name enclosed in double quotes": "un nom de champ entre guillemets doubles est attendu",
    "Expecting ':' delimiter": "deux-points sont attendus après le nom du champ",
    "Expecting ',' delimiter": "une virgule ou une fermeture est attendue",
    "Illegal trailing comma before end of object": "cette virgule avant la fermeture est en trop",
    "Illegal trailing comma before end of array": "cette virgule avant la fermeture est en trop",
    "Unterminated string starting at": "ce texte n'est jamais refermé par un guillemet",
    "Invalid control character at": "ce caractère de contrôle (saut de ligne, tabulation…) doit être échappé dans un texte",
    "Invalid \\escape": "cette séquence d'échappement n'existe pas en JSON",
    "Invalid \\uXXXX escape": "quatre chiffres hexadécimaux sont attendus après \\u",
    "Extra data": "rien n'est attendu après la fin du document",
}


class Finding(NamedTuple):
    """A problem whose place is still a sequence of names and positions, so that it can be compared and sorted."""

    location: Location
    value: str | None
    message: str

    def problem(self) -> Problem:
        return Problem(json_path(self.location), self.value, self.message)


@dataclass(frozen=True)
class JsonDocument:
    """A JSON value, and what is wrong with it before anyone asks what it means."""

    value: object
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Unusable:
    """Stands in the tree for a number that is not one, until its place is known. No row accepts it."""

    text: str
    message: str

    def __str__(self) -> str:
        return self.text


def json_path(location: Location) -> str:
    """Write a place as a JSON path (RFC 9535): ``$.commitments[3].title``, ``$["a name with spaces"]``."""
    return "$" + "".join(_step(part) for part in location)


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if SIMPLE_NAME.fullmatch(part) and part == printable(part) else f"[{shown(part)}]"


def read_json(data: bytes) -> JsonDocument:
    """Read UTF-8 JSON (a byte order mark is accepted).

    Raises ImportRefused at once when there is no reading it: too big, not UTF-8, not JSON, nested too deeply. Doubled names, NaN,
    numbers without end and forbidden characters come back as findings with their place, beside the value.
    """
    reader = _Reader()
    value = reader.read(_text(data))
    return JsonDocument(value, tuple(reader.findings(value)))


def _refused(message: str, value: str | None = None) -> ImportRefused:
    return ImportRefused([Problem("$", value, message)])


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _refused(f"le fichier dépasse {MAX_BYTES // 1_000_000} Mo", f"{len(data)} octets")
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        raise _refused("le fichier doit être enregistré en UTF-8, il semble être dans un autre codage", encoding.upper())
    bom = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        text = data[bom:].decode("utf-8")
    except UnicodeDecodeError as error:
        at = bom + error.start
        line = data.count(b"\n", 0, at) + 1
        where = f"octet n° {at + 1} du fichier, ligne {line}"
        raise _refused(f"le fichier n'est pas en UTF-8 : {where}", f"0x{data[at]:02X}") from None
    if not text.strip():
        raise _refused("le fichier est vide")
    return text


class _Reader:
    """Reads one document and remembers the objects that held a name twice (kept alive, so that their ids stay theirs)."""

    def __init__(self) -> None:
        self._doubled: dict[int, tuple[object, list[str]]] = {}

    def read(self, text: str) -> object:
        try:
            return json.loads(text, object_pairs_hook=self._object, parse_int=_whole_number, parse_constant=_constant)
        except json.JSONDecodeError as error:
            expected = SYNTAX.get(error.msg, "ce n'est pas du JSON")
            found = text[error.pos : error.pos + 20]
            where = f"ligne {error.lineno}, colonne {error.colno}"
            raise _refused(f"JSON invalide, {where} : {expected}", shown(found) if found else "fin du fichier") from None
        except RecursionError:
            raise _refused("des listes ou des objets sont imbriqués trop profondément") from None

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        result = dict(pairs)
        if len(result) < len(pairs):
            times = Counter(name for name, _ in pairs)
            self._doubled[id(result)] = result, [name for name in result if times[name] > 1]
        return result

    def findings(self, root: object) -> Iterator[Finding]:
        """Walk the tree in the order of the document, without recursion: it may be deeper than Python's stack has room for."""
        waiting: list[tuple[Location, object]] = [((), root)]
        values = 1
        while waiting:
            location, value = waiting.pop()
            yield from self._here(location, value)
            values += len(value) if isinstance(value, dict | list) else 0
            if values > MAX_VALUES:
                raise _refused(f"le fichier contient plus de {MAX_VALUES} valeurs : il est trop grand pour être lu")
            waiting.extend(((*location, step), child) for step, child in reversed(_children(value)))

    def _here(self, location: Location, value: object) -> Iterator[Finding]:
        if isinstance(value, Unusable):
            yield Finding(location, shown(value), value.message)
        elif isinstance(value, str):
            yield from _forbidden_characters(location, value)
        elif isinstance(value, dict):
            for name in self._doubled.get(id(value), (None, []))[1]:
                yield Finding((*location, name), None, "ce champ est présent plusieurs fois dans le même objet")
            for name in value:
                yield from _forbidden_characters((*location, name), name)


def _children(value: object) -> list[tuple[str | int, object]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _forbidden_characters(location: Location, text: str) -> Iterator[Finding]:
    """Name the first forbidden character of a text: one is enough to refuse it, and a binary text would give thousands."""
    if match := FORBIDDEN.search(text):
        char = match.group()
        name = CHARACTER_NAMES.get(char) or unicodedata.name(char, "caractère de contrôle ou moitié de caractère")
        place = f"au caractère n° {match.start() + 1}"
        yield Finding(location, shown(text), f"caractère interdit U+{ord(char):04X} ({name}) {place}")


def _whole_number(text: str) -> int | Unusable:
    return int(text) if len(text) <= MAX_DIGITS else Unusable(text, f"nombre de plus de {MAX_DIGITS} chiffres")


def _constant(text: str) -> Unusable:
    return Unusable(text, "NaN et Infinity ne sont pas des valeurs JSON")
