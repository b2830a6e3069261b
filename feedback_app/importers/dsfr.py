"""A copy of the French State's design system (the npm package ``@gouvfr/dsfr``), as an operator obtained it: what pages need of it.

Nothing of it is in this repository. Only its stylesheet is read, and what that stylesheet names: fonts and icons. No script.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from feedback_app.importers.problems import printable

PACKAGE = "@gouvfr/dsfr"
MAJOR = 1
SHEET = "dsfr.min.css"
ICON = "favicon/favicon.svg"
KINDS = {".svg", ".woff2", ".woff", ".png"}
LARGEST_FILE = 3_000_000
LARGEST_COPY = 12_000_000
_VERSION = re.compile(r"([0-9]{1,4})\.[0-9]{1,4}\.[0-9]{1,4}(?:-[0-9A-Za-z.-]{1,40})?")
_ADDRESS = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]*))\s*\)""")


class DsfrRefused(Exception):
    """This folder is not a copy that can be used. The message is one line in French, for the operator."""


@dataclass(frozen=True)
class DsfrCopy:
    """What pages need: ``contents`` by path below ``dist/``, so that the stylesheet finds its fonts and icons."""

    version: str
    contents: dict[str, bytes]


def read_dsfr(folder: Path) -> DsfrCopy:
    """Read the package unpacked in ``folder``. Raises ``DsfrRefused``."""
    if not folder.is_dir():
        raise DsfrRefused(f"{_shown(folder)} n’est pas un dossier")
    package = _Package(folder.resolve())
    version = _version(package.read("package.json"))
    sheet = package.read(f"dist/{SHEET}")
    contents = {SHEET: sheet, ICON: package.read(f"dist/{ICON}")}
    for name in sorted(set(_named(sheet)) - set(contents)):
        contents[name] = package.read(f"dist/{name}")
    return DsfrCopy(version, contents)


class _Package:
    """The files of the package, each read once, none from elsewhere."""

    def __init__(self, root: Path) -> None:
        self.root, self.total = root, 0

    def read(self, name: str) -> bytes:
        path = self.root / name
        try:
            if not path.resolve(strict=True).is_relative_to(self.root):
                raise DsfrRefused(f"{_shown(name)} est un lien qui mène hors du dossier")
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except FileNotFoundError:
            raise DsfrRefused(f"{_shown(name)} manque dans {_shown(self.root)}\u00a0: ce n’est pas une copie complète du DSFR") from None
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
            raise DsfrRefused(f"{_shown(name)} ne peut pas être lu ({getattr(error, 'strerror', None) or 'lien sans fin'})") from None
        self.total += len(content)
        if len(content) > LARGEST_FILE or self.total > LARGEST_COPY:
            raise DsfrRefused(f"{_shown(name)} est démesuré\u00a0: ce n’est pas une copie ordinaire du DSFR")
        return content


def _shown(path: Path | str) -> str:
    """A path that a terminal can show, whatever is in it, and whole: its end matters most."""
    return "".join(map(printable, str(path)))


def _version(source: bytes) -> str:
    try:
        package = json.loads(source)
    except (ValueError, RecursionError):
        raise DsfrRefused("package.json n’est pas un fichier JSON lisible") from None
    name, version = (package.get(key) if isinstance(package, dict) else None for key in ("name", "version"))
    if name != PACKAGE:
        raise DsfrRefused(f"package.json décrit un autre paquet que {PACKAGE}\u00a0: {str(name)[:60]!r}")
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None or int(match[1]) != MAJOR:
        raise DsfrRefused(f"la version {str(version)[:40]!r} du DSFR n’est pas prise en charge (il faut une version {MAJOR}.x)")
    return match[0]


def _named(sheet: bytes) -> Iterator[str]:
    """The fonts and icons that the stylesheet asks for."""
    try:
        text = sheet.decode("utf-8")
    except UnicodeDecodeError:
        raise DsfrRefused(f"{SHEET} n’est pas un texte en UTF-8") from None
    if "@import" in text:
        raise DsfrRefused(f"{SHEET} importe une autre feuille de style")
    found = {next(filter(None, groups), "") for groups in _ADDRESS.findall(text)}
    for address in found:
        if address.startswith(("data:", "#")) or not address:
            continue
        name = re.split(r"[?#]", address)[0]
        path = PurePosixPath(name)
        if ":" in name or "\\" in name or path.is_absolute() or ".." in path.parts or path.suffix not in KINDS:
            raise DsfrRefused(f"{SHEET} demande un fichier inattendu\u00a0: {address[:80]!r}")
        if path.suffix == ".woff" and any(other.startswith(f"{name}2") for other in found):
            continue  # every browser that reads our pages takes the smaller one
        yield path.as_posix()
