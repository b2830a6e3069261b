"""The imported theme: a copy in ``INSTANCE_PATH/theme``, whole or not there, and a record of which one pages wear."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from feedback_app.importers.dsfr import DsfrCopy

FOLDER = "theme"
RECORD = "installed.json"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Theme:
    """What processes serve: the files by their path in the theme."""

    version: str
    contents: Mapping[str, bytes]


def installed(instance_path: Path) -> Theme | None:
    """The theme that pages wear, or None for the neutral skin. One that cannot be read is logged and left aside: a site in its
    neutral clothes is better than no site."""
    root = instance_path / FOLDER
    try:
        record = json.loads((root / RECORD).read_bytes())
        folder, names = root / record["folder"], record["files"]
        return Theme(record["version"], {name: (folder / name).read_bytes() for name in names})
    except FileNotFoundError as error:
        if Path(error.filename) != root / RECORD:
            log.error("the imported theme lacks a file, the neutral skin is used: %s", error.filename)
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.error("the imported theme cannot be read, the neutral skin is used: %s", error)
    return None


def install(copy: DsfrCopy, instance_path: Path) -> None:
    """Keep this copy and let pages wear it from the next start on. Killed half-way, it leaves what was there."""
    with _alone(instance_path) as root:
        folder = root / f"dsfr-{copy.version}-{secrets.token_hex(4)}"
        for name, content in copy.contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _record(root, {"package": "dsfr", "version": copy.version, "folder": folder.name, "files": sorted(copy.contents)})
        _sweep(root, kept=folder.name)


def remove(instance_path: Path) -> str | None:
    """Go back to the neutral skin from the next start on; gives the version that was worn, or None."""
    if not (instance_path / FOLDER).is_dir():
        return None
    with _alone(instance_path) as root:
        theme = installed(instance_path)
        (root / RECORD).unlink(missing_ok=True)
        _sweep(root, kept=None)
    return theme.version if theme else None


@contextmanager
def _alone(instance_path: Path) -> Iterator[Path]:
    """The folder of themes, held: two commands at once would sweep each other's copy away."""
    root = instance_path / FOLDER
    root.mkdir(exist_ok=True)
    held = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield root
    finally:
        os.close(held)


def _record(root: Path, values: Mapping[str, object]) -> None:
    """The one write that switches: a record is the old one or the new one, never half."""
    draft = root / f"{RECORD}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(values, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root / RECORD)


def _sweep(root: Path, kept: str | None) -> None:
    """Remove former copies, and what a killed command left."""
    for path in root.iterdir():
        if path.name not in {kept, RECORD}:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
