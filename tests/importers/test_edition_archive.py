"""What comes in a zip archive: an edition, or a sentence about what is wrong. Every archive is made in memory."""

from __future__ import annotations

import stat
import struct
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.importers import edition_archive
from feedback_app.importers.edition_archive import read_archive
from feedback_app.importers.problems import ImportRefused
from tests.edition_files import archive, by_indicator, by_synthesis

SMALL_EDITION = by_indicator()


def made(fill: Callable[[ZipFile], object], *, method: int = ZIP_DEFLATED) -> bytes:
    into = BytesIO()
    with ZipFile(into, "w", method) as zip_file:
        fill(zip_file)
    return into.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(ImportRefused) as refused:
        read_archive(BytesIO(content))
    return "\n".join(refused.value.lines())


def with_entry(name: str, content: bytes = b"x", *, mode: int = 0, method: int = ZIP_STORED) -> bytes:
    def fill(into: ZipFile) -> None:
        for path, data in SMALL_EDITION.items():
            into.writestr(path, data)
        entry = ZipInfo("name")
        entry.filename, entry.external_attr, entry.compress_type = name, mode << 16, method
        into.writestr(entry, content)

    return made(fill)


@pytest.mark.parametrize("files", [by_indicator(), by_synthesis()], ids=["indicator files", "syntheses"])
@pytest.mark.parametrize("folder", ["", "2024-10-17/", "un/dossier/dans un autre/"])
def test_an_edition_is_read_wherever_its_one_folder_lies(files, folder):
    found = read_archive(BytesIO(archive({folder + name: content for name, content in files.items()})))
    assert found == {folder + name: content for name, content in files.items()}


def test_what_a_computer_adds_and_what_is_no_part_of_an_edition_is_left_aside():
    more = {"__MACOSX/data/._ind-001.csv": b"?", "__MACOSX/data/ind-001.csv": b"?", "lisez-moi.txt": b"Bonjour"}
    assert read_archive(BytesIO(archive(SMALL_EDITION | more))) == SMALL_EDITION


def test_what_is_no_archive_is_said_to_be_none():
    for content in (b"", b"PK", b"indic_id,valeur\n", b"\x1f\x8b\x08\x00" * 50, b"%PDF-1.7" + b" " * 900):
        assert "n’est pas une archive zip" in refusal(content)


@pytest.mark.parametrize("name", ["../secret.csv", "data/../../secret.csv", "/etc/passwd", "C:\\x.csv", "data\\ind-001.csv"])
def test_names_that_lead_elsewhere_are_refused(name):
    assert "hors de l’archive" in refusal(with_entry(name))


def test_an_invisible_character_in_a_name_is_refused_and_shown_as_its_code():
    found = refusal(with_entry("data/ind\x1b[2J.csv"))
    assert "caractères invisibles" in found
    assert "\x1b" not in found


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK])
def test_links_and_special_files_are_refused(kind):
    assert "un lien ou un fichier spécial" in refusal(with_entry("data/ind-002.csv", b"/etc/passwd", mode=kind | 0o777))


def test_a_name_that_stands_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        content = with_entry(next(iter(SMALL_EDITION)))
    assert "présent deux fois" in refusal(content)


def test_two_editions_in_one_archive_are_refused_with_their_folders():
    both = {f"{folder}/{name}": content for folder in ("mai", "octobre") for name, content in SMALL_EDITION.items()}
    found = refusal(archive(both))
    assert "plusieurs dossiers d’édition" in found
    assert "mai, octobre" in found


def test_an_encrypted_file_is_refused():
    content = bytearray(archive(SMALL_EDITION))
    first = content.index(b"PK\x01\x02")
    content[first + 8] |= 1  # the flag of the central directory
    assert "mot de passe" in refusal(bytes(content))


def test_another_compression_is_refused():
    assert "compressé d’une façon" in refusal(with_entry("data/ind-002.csv", b"x" * 100, method=ZIP_BZIP2))


def test_a_file_that_grows_too_much_is_not_opened():
    bomb = {"data/ind-002.csv": b"0" * 20_000_000}
    assert "se décompresse plus de 100 fois" in refusal(archive(SMALL_EDITION | bomb))


def test_files_that_are_too_large_together_are_not_opened(monkeypatch):
    monkeypatch.setattr(edition_archive, "MAX_BYTES", 1_000)
    files = {f"data/ind-{number:03}.csv": bytes(range(200)) for number in range(6)}
    assert "dépassent ensemble" in refusal(archive(files))


def test_too_many_entries_are_refused():
    assert "trop de fichiers" in refusal(archive({f"{number}.csv": b"" for number in range(edition_archive.MAX_ENTRIES + 1)}))


def test_a_directory_that_is_too_long_is_refused_before_it_is_read(monkeypatch):
    content = bytearray(archive(SMALL_EDITION))
    struct.pack_into("<I", content, content.rindex(b"PK\x05\x06") + 12, edition_archive.MAX_DIRECTORY_BYTES + 1)
    monkeypatch.setattr(edition_archive.zipfile, "ZipFile", lambda _file: pytest.fail("it was read"))
    assert "trop de fichiers" in refusal(bytes(content))


def test_an_archive_of_another_kind_of_zip_is_refused():
    content = archive(SMALL_EDITION)
    end = content.rindex(b"PK\x05\x06")
    assert "ZIP64" in refusal(content[:end] + b"PK\x06\x07" + bytes(16) + content[end:])


def test_an_archive_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(edition_archive, "MAX_ARCHIVE_BYTES", 100)
    assert "dépasse" in refusal(archive(SMALL_EDITION))


def test_an_archive_that_is_cut_off_anywhere_is_refused_in_words():
    content = archive(SMALL_EDITION)
    for length in range(4, len(content), 97):
        assert refusal(content[:length])


def test_a_size_that_lies_does_no_harm():
    content = bytearray(archive({"data/ind-001.csv": b"1" * 5_000}))
    first = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, first + 24, 10)  # says ten bytes
    assert "tronquée ou abîmée" in refusal(bytes(content))


@given(st.integers(0), st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_is_read_or_refused_and_never_anything_else(place, damage):
    content = bytearray(archive(SMALL_EDITION))
    start = place % len(content)
    content[start : start + len(damage)] = damage
    try:
        found = read_archive(BytesIO(bytes(content)))
    except ImportRefused:
        return
    assert sum(map(len, found.values())) <= edition_archive.MAX_BYTES
