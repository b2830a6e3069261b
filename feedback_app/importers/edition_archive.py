"""The files of an edition out of a zip archive that somebody sent: bounded in number and size, and nothing that is not plain files.

Nothing is ever written to a disk, so a name cannot lead anywhere; odd names are refused all the same, because nobody makes them by chance.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO

from feedback_app.importers.barometer import MAX_BYTES, is_part_of_an_edition
from feedback_app.importers.problems import ImportRefused, Problem, printable

MAX_ARCHIVE_BYTES = 100_000_000
MAX_ENTRIES = 1_000
MAX_DIRECTORY_BYTES = 1_000_000
# Published files shrink to a fifteenth at best. Small ones may be anything: a file of spaces does no harm.
MAX_RATIO = 100
SMALL = 1_000_000

_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_ZIP64_LOCATOR, _ZIP64_LOCATOR_SIZE = b"PK\x06\x07", 20
_FIRST_FILE, _EMPTY = b"PK\x03\x04", _END
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What computers add by themselves to an archive.
_LEFT_ASIDE = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, IndexError)

WHOLE = "archive"
NOT_A_ZIP = "ce fichier n’est pas une archive zip"
CUT_OFF = "cette archive est tronquée ou abîmée : refaites-la, puis envoyez-la de nouveau"


def looks_like_zip(file: IO[bytes]) -> bool:
    """Whether a file begins like a zip archive. Reads four bytes, and goes back to the beginning."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start in (_FIRST_FILE, _EMPTY)


def read_archive(file: IO[bytes]) -> dict[str, bytes]:
    """The files of an edition by path, out of a zip archive.

    Raises ``ImportRefused`` for what is no zip archive, is damaged or encrypted, holds too much, or names that lead elsewhere, links, one
    name twice, or more than one folder with an edition.
    """
    if not looks_like_zip(file):
        raise _refused(WHOLE, NOT_A_ZIP)
    _expect_small_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = _entries(archive)
            return {_name(entry): _content(archive, entry) for entry in entries}
    except _BROKEN as error:
        raise _refused(WHOLE, CUT_OFF) from error


def _refused(path: str, message: str, value: str | None = None) -> ImportRefused:
    return ImportRefused([Problem(path, value, message)])


def _expect_small_directory(file: IO[bytes]) -> None:
    """Look at the end of the archive before ``zipfile`` does: it reads a directory of any length into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _ZIP64_LOCATOR_SIZE))
    tail = file.read()
    file.seek(0)
    if size > MAX_ARCHIVE_BYTES:
        raise _refused(WHOLE, f"l’archive dépasse {MAX_ARCHIVE_BYTES // 1_000_000} Mo")
    if _ZIP64_LOCATOR in tail:
        raise _refused(WHOLE, "les archives ZIP64 ne sont pas lues : une édition n’en a pas besoin")
    ends = [position for position in range(len(tail)) if tail.startswith(_END, position) and position + _END_SIZE <= len(tail)]
    if not ends:
        raise _refused(WHOLE, CUT_OFF)
    # Whichever of them is taken for the end, its directory is short.
    if any(int.from_bytes(tail[end + 12 : end + 16], "little") > MAX_DIRECTORY_BYTES for end in ends):
        raise _refused(WHOLE, f"l’archive contient trop de fichiers : {MAX_ENTRIES} au plus sont acceptés")


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files to read. Everything that is wrong with any entry, those that nobody would read included, is said at once."""
    found = archive.infolist()
    if len(found) > MAX_ENTRIES:
        raise _refused(WHOLE, f"l’archive contient trop de fichiers : {MAX_ENTRIES} au plus sont acceptés", str(len(found)))
    problems = [Problem(printable(_name(entry)), None, why) for entry in found if (why := _fault(entry))]
    problems += _doubles(found)
    if sum(entry.file_size for entry in found) > MAX_BYTES:
        problems.append(Problem(WHOLE, None, f"les fichiers dépassent ensemble {MAX_BYTES // 1_000_000} Mo une fois décompressés"))
    mine = [entry for entry in found if not entry.is_dir() and _is_read(_name(entry))]
    folders = sorted({_folder(_name(entry)) for entry in mine})
    if len(folders) > 1:
        named = ", ".join(printable(folder or "(racine)") for folder in folders)
        problems.append(Problem(WHOLE, named, "l’archive contient plusieurs dossiers d’édition : un seul est attendu"))
    if problems:
        raise ImportRefused(problems)
    return mine


def _name(entry: zipfile.ZipInfo) -> str:
    """As it stands in the archive: ``zipfile`` itself cuts a name at its first NUL."""
    return entry.orig_filename


def _is_read(name: str) -> bool:
    return not _LEFT_ASIDE & set(PurePosixPath(name).parts) and is_part_of_an_edition(name)


def _folder(name: str) -> str:
    """The folder of the edition that a file belongs to: in one of the formats its files lie in two folders."""
    folder = PurePosixPath(name).parent
    parts = folder.parts[:-1] if folder.name in {"data", "metadata"} else folder.parts
    return "/".join(parts)


def _fault(entry: zipfile.ZipInfo) -> str | None:
    name, kind = _name(entry), stat.S_IFMT(entry.external_attr >> 16)
    if any(not char.isprintable() for char in name):
        return "ce nom contient des caractères invisibles"
    if name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
        return "ce nom mène hors de l’archive : seuls des chemins relatifs, sans « .. », sont acceptés"
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "c’est un lien ou un fichier spécial : seuls des fichiers ordinaires sont acceptés"
    if entry.flag_bits & _ENCRYPTED:
        return "ce fichier est protégé par un mot de passe"
    if entry.compress_type not in _METHODS:
        return "ce fichier est compressé d’une façon qui n’est pas lue : refaites l’archive au format zip ordinaire"
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        return f"ce fichier se décompresse plus de {MAX_RATIO} fois : il n’est pas ouvert"
    return None


def _doubles(entries: Sequence[zipfile.ZipInfo]) -> list[Problem]:
    names: set[str] = set()
    problems = []
    for entry in entries:
        if _name(entry) in names:
            problems.append(Problem(printable(_name(entry)), None, "ce nom est présent deux fois dans l’archive"))
        names.add(_name(entry))
    return problems


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a file: never more than its entry says, which was counted, and with the checksum that it says."""
    with archive.open(entry) as stream:
        return stream.read(entry.file_size + 1)
