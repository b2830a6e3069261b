"""The imported theme is whole or not there, whatever happens to the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app.importers.dsfr import DsfrCopy
from feedback_app.services import theme

OLD = DsfrCopy("1.1.0", {"dsfr.min.css": b"old", "fonts/a.woff2": b"a"})
NEW = DsfrCopy("1.2.0", {"dsfr.min.css": b"new"})


def test_what_was_installed_is_what_is_worn(tmp_path):
    assert theme.installed(tmp_path) is None
    theme.install(OLD, tmp_path)
    assert theme.installed(tmp_path) == theme.Theme("1.1.0", OLD.contents)


def test_another_one_replaces_it_and_leaves_nothing_of_it(tmp_path):
    theme.install(OLD, tmp_path)
    theme.install(NEW, tmp_path)
    assert theme.installed(tmp_path) == theme.Theme("1.2.0", NEW.contents)
    assert len(list((tmp_path / "theme").iterdir())) == 2


@pytest.mark.parametrize("killed_in", ["write_bytes", "replace"])
def test_a_copy_that_is_killed_leaves_the_old_one(tmp_path, monkeypatch, killed_in):
    theme.install(OLD, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, killed_in, lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            theme.install(NEW, tmp_path)
    assert theme.installed(tmp_path) == theme.Theme("1.1.0", OLD.contents)
    theme.install(NEW, tmp_path)
    assert len(list((tmp_path / "theme").iterdir())) == 2, "what was left half-way is swept"


def test_taking_it_off_leaves_nothing_and_says_what_was_worn(tmp_path):
    assert theme.remove(tmp_path) is None
    theme.install(OLD, tmp_path)
    assert theme.remove(tmp_path) == "1.1.0"
    assert (theme.installed(tmp_path), theme.remove(tmp_path)) == (None, None)
    assert list((tmp_path / "theme").iterdir()) == []


@pytest.mark.parametrize("record", [b"{", b"[]", b"{}", b'{"folder": "x", "version": "1.0.0", "files": ["a.css"]}'])
def test_a_theme_that_cannot_be_read_is_logged_and_left_aside(tmp_path, caplog, record):
    theme.install(OLD, tmp_path)
    (tmp_path / "theme" / theme.RECORD).write_bytes(record)
    assert theme.installed(tmp_path) is None
    assert "the neutral skin is used" in caplog.text
