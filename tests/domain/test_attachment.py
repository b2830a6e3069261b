"""Files of minutes: judged by what they hold, whatever they say of themselves."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from feedback_app.domain.attachment import LARGEST, ODT, PDF, FileFault, FileRefused, judge
from tests.attachments import odt, pdf


def fault(name: str, content: bytes) -> FileFault:
    with pytest.raises(FileRefused) as refused:
        judge(name, content)
    return refused.value.fault


def test_a_pdf_and_an_odt_are_kept_under_the_suffix_of_what_they_are():
    kept = judge("Compte rendu du 3 mars.PDF", pdf())
    assert (kept.name, kept.media_type) == ("Compte rendu du 3 mars.pdf", PDF)
    kept = judge("réunion.pdf", odt())
    assert (kept.name, kept.media_type) == ("réunion.odt", ODT)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/b.pdf",
        "a\\b.pdf",
        "a\r\nX-Evil: 1.pdf",
        "a\x00.pdf",
        "..",
        ".pdf",
        "a..pdf",
        "x" * 130,
        "gnp\u202efdp.exe",
        " ",
    ],
)
def test_a_name_that_is_a_path_or_hides_something_is_refused(name):
    assert fault(name, pdf()) is FileFault.NAME


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 a program",
        b"<html><script>1</script></html>",
        b"\x89PNG\r\n\x1a\n" + b"0" * 50,
        b"GIF89a",
        b"  %PDF-1.7",
        b"PK\x05\x06" + b"\0" * 18,
    ],
)
def test_what_is_neither_is_refused_whatever_its_name(content):
    assert fault("minutes.pdf", content) is FileFault.KIND


def test_another_archive_is_no_odt():
    docx = io.BytesIO()
    with zipfile.ZipFile(docx, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert fault("minutes.odt", docx.getvalue()) is FileFault.KIND


def test_nothing_and_too_much_are_refused():
    assert fault("minutes.pdf", b"") is FileFault.EMPTY
    assert fault("minutes.pdf", pdf() + b"0" * LARGEST) is FileFault.LARGE


@pytest.mark.parametrize("cut", [0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(cut):
    whole = odt(text="Un long compte rendu. " * 400)
    assert fault("minutes.odt", whole[: int(len(whole) * cut)]) is FileFault.BROKEN
    assert fault("minutes.pdf", pdf()[:-20]) is FileFault.BROKEN


def test_a_damaged_part_is_found_by_its_checksum():
    whole = bytearray(odt(text="Un texte entier, sans rien de caché."))
    whole[whole.index(b"Un texte entier") + 3] ^= 0xFF
    assert fault("minutes.odt", bytes(whole)) is FileFault.BROKEN


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_does():
    bomb = odt(more={"Pictures/0.png": b"\0" * (101 * 1024 * 1024)}, deflate=True)
    assert len(bomb) < LARGEST
    assert fault("minutes.odt", bomb) is FileFault.BOMB
    lying = bytearray(bomb)  # the directory says that the part is small
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 10)
    assert fault("minutes.odt", bytes(lying)) in {FileFault.BOMB, FileFault.BROKEN}
    assert fault("minutes.odt", odt(more={f"Pictures/{number}": b"x" for number in range(2_100)})) is FileFault.BOMB


def test_what_acts_by_itself_is_refused():
    assert fault("minutes.odt", odt(more={"Basic/Standard/Module1.xml": b"<x/>"})) is FileFault.ACTIVE
    assert fault("minutes.pdf", pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")) is FileFault.ACTIVE


@pytest.mark.parametrize("name", ["../evil", "/evil", "a\\b"])
def test_a_part_with_a_path_is_refused(name):
    assert fault("minutes.odt", odt(more={name: b"x"})) is FileFault.BROKEN
