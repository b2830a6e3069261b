"""A copy of the DSFR is taken for what pages need of it; anything else is refused in one clear line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedback_app.importers import dsfr
from feedback_app.importers.dsfr import DsfrRefused, read_dsfr
from tests.dsfr_folder import NEEDED, SHEET, make_dsfr


def refusal(folder: Path) -> str:
    with pytest.raises(DsfrRefused) as refused:
        read_dsfr(folder)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_only_the_stylesheet_and_what_it_names_is_taken(tmp_path):
    copy = read_dsfr(make_dsfr(tmp_path))
    assert (copy.version, set(copy.contents)) == ("1.99.0", NEEDED)
    assert copy.contents["dsfr.min.css"].decode() == SHEET
    assert not [name for name in copy.contents if name.endswith(".js")]


def test_a_link_to_the_folder_is_fine(tmp_path):
    make_dsfr(tmp_path / "package")
    (tmp_path / "link").symlink_to(tmp_path / "package")
    assert set(read_dsfr(tmp_path / "link").contents) == NEEDED


def test_what_is_no_folder_is_refused(tmp_path):
    (tmp_path / "dsfr.zip").write_bytes(b"PK")
    assert "n’est pas un dossier" in refusal(tmp_path / "dsfr.zip")
    assert "n’est pas un dossier" in refusal(tmp_path / "absent")
    assert "package.json manque" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ({"name": "bootstrap", "version": "1.0.0"}, "un autre paquet que @gouvfr/dsfr"),
        ({"version": "1.0.0"}, "un autre paquet"),
        ([], "un autre paquet"),
        ({"name": "@gouvfr/dsfr", "version": "2.0.0"}, "il faut une version 1.x"),
        ({"name": "@gouvfr/dsfr", "version": "1.0.0/../../x"}, "il faut une version 1.x"),
        ({"name": "@gouvfr/dsfr", "version": 1}, "il faut une version 1.x"),
        ({"name": "@gouvfr/dsfr"}, "il faut une version 1.x"),
    ],
)
def test_another_package_or_version_is_refused(tmp_path, package, words):
    make_dsfr(tmp_path)
    (tmp_path / "package.json").write_text(json.dumps(package))
    assert words in refusal(tmp_path)


@pytest.mark.parametrize("source", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_an_unreadable_description_is_refused(tmp_path, source):
    make_dsfr(tmp_path)
    (tmp_path / "package.json").write_bytes(source)
    assert "JSON" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["dist/dsfr.min.css", "dist/favicon/favicon.svg", "dist/fonts/Ours.woff2", "dist/icons/system/ours.svg"])
def test_a_missing_file_is_named(tmp_path, name):
    (make_dsfr(tmp_path) / name).unlink()
    assert f"{name} manque" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["package.json", "dist/fonts/Ours.woff2"])
def test_a_link_that_leads_outside_is_refused(tmp_path, name):
    folder = make_dsfr(tmp_path / "package")
    (tmp_path / "secret").write_text("secret")
    (folder / name).unlink()
    (folder / name).symlink_to(tmp_path / "secret")
    assert f"{name} est un lien qui mène hors du dossier" in refusal(folder)


def test_a_folder_that_leads_outside_or_nowhere_is_refused(tmp_path):
    folder = make_dsfr(tmp_path / "package")
    (folder / "dist/fonts").rename(tmp_path / "fonts")
    (folder / "dist/fonts").symlink_to(tmp_path / "fonts")
    assert "hors du dossier" in refusal(folder)
    (folder / "dist/fonts").unlink()
    (folder / "dist/fonts").symlink_to("fonts")
    assert "ne peut pas être lu" in refusal(folder)


def test_an_absurd_size_is_refused(tmp_path, monkeypatch):
    make_dsfr(tmp_path)
    monkeypatch.setattr(dsfr, "LARGEST_FILE", 20)
    assert "démesuré" in refusal(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(dsfr, "LARGEST_COPY", len(SHEET))
    assert "démesuré" in refusal(tmp_path)


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/a.svg", "//elsewhere.example/a.svg", "/etc/a.svg", "../../a.svg", "dsfr.module.min.js", "a\\b.svg"],
)
def test_a_stylesheet_that_asks_for_something_else_is_refused(tmp_path, address):
    make_dsfr(tmp_path, sheet=f"a{{background:url({address})}}")
    assert "fichier inattendu" in refusal(tmp_path)


def test_a_stylesheet_that_is_none_is_refused(tmp_path):
    assert "importe une autre feuille" in refusal(make_dsfr(tmp_path, sheet="@import 'a.css';"))
    (tmp_path / "dist/dsfr.min.css").write_bytes(b"\xff")
    assert "UTF-8" in refusal(tmp_path)
