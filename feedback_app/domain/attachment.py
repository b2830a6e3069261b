"""Minutes sent as a file: a PDF or an ODT, judged by its content, whatever its name and its sender say."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

LARGEST = 10 * 1024 * 1024
NAME_MAX = 120
ODT = "application/vnd.oasis.opendocument.text"
PDF = "application/pdf"
SUFFIXES = {PDF: "pdf", ODT: "odt"}
# Of an ODT: a book with its pictures has some hundred parts, and nothing that is meant to be read unpacks to more than this.
ENTRIES_MAX = 2_000
UNPACKED_MAX = 100 * 1024 * 1024
PIECE = 64 * 1024
_PDF_HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
_ACTIVE_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/JS<", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


class FileFault(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    LARGE = "large"
    NAME = "name"
    KIND = "kind"
    BROKEN = "broken"
    BOMB = "bomb"
    ACTIVE = "active"


class FileRefused(ValueError):
    """This file cannot be kept."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Attachment:
    """A file that was judged good. ``name``: as it is served, with the suffix of what it is."""

    name: str
    media_type: str
    content: bytes


def judge(name: str, content: bytes) -> Attachment:
    """The file as it is kept. Raises ``FileRefused``. Takes memory for one piece beside the file itself, whatever is packed in it."""
    if not content:
        raise FileRefused(FileFault.EMPTY)
    if len(content) > LARGEST:
        raise FileRefused(FileFault.LARGE)
    stem = _stem(name)
    media_type = _media_type(content)
    return Attachment(f"{stem}.{SUFFIXES[media_type]}", media_type, content)


def _stem(name: str) -> str:
    """The name without its suffix. A path, a control character or an empty name is refused, never mended."""
    bad = any(letter in "/\\" or unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in name)
    stem = unicodedata.normalize("NFC", name.rpartition(".")[0] if "." in name else name).strip()
    if bad or ".." in name or len(name) > NAME_MAX or not stem.strip(". "):
        raise FileRefused(FileFault.NAME)
    return stem


def _media_type(content: bytes) -> str:
    if _PDF_HEAD.match(content):
        _check_pdf(content)
        return PDF
    if content.startswith(b"PK\x03\x04"):
        _check_odt(content)
        return ODT
    raise FileRefused(FileFault.KIND)


def _check_pdf(content: bytes) -> None:
    """Its end is there, and nothing in it acts by itself (as far as it is not packed: it is served for download only)."""
    tail = content[-2_048:]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise FileRefused(FileFault.BROKEN)
    if any(mark in content for mark in _ACTIVE_PDF):
        raise FileRefused(FileFault.ACTIVE)


def _check_odt(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if not entries or entries[0].filename != "mimetype" or entries[0].file_size > 100 or archive.read("mimetype") != ODT.encode():
                raise FileRefused(FileFault.KIND)
            _check_entries(entries)
            _unpack(archive, entries)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise FileRefused(FileFault.BROKEN) from None


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX:
        raise FileRefused(FileFault.BOMB)
    if "content.xml" not in names or len(set(names)) != len(names):
        raise FileRefused(FileFault.BROKEN)
    if any(name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name for name in names):
        raise FileRefused(FileFault.BROKEN)
    if any(name.startswith(("Basic/", "Scripts/", "Dialogs/")) for name in names):
        raise FileRefused(FileFault.ACTIVE)


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read everything once, piece by piece: what is said of a size may be a lie, and a checksum tells a broken file."""
    total = 0
    for entry in entries:
        with archive.open(entry) as part:
            while piece := part.read(PIECE):
                total += len(piece)
                if total > UNPACKED_MAX:
                    raise FileRefused(FileFault.BOMB)
