"""The file of a backup: for its owner only, whole or not there, and never over another one."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Progress = Callable[[int, int | None], None]
"""Told how much is done and how much there is (None: nobody knows); pages of a SQLite file, bytes or tables of PostgreSQL."""

NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


class BackupRefused(Exception):
    """It cannot be done as asked, and nothing has changed. The message is one line, in French, for an operator."""


def expect_free(path: Path) -> None:
    """Raises ``BackupRefused`` when there is a file already: an older backup is not ours to destroy."""
    if path.exists() or path.is_symlink():
        raise BackupRefused(f"{path} existe déjà : choisissez un autre nom")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write beside ``path``, which takes its name at the end, and only then. Raises ``BackupRefused`` and ``OSError``."""
    expect_free(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        _to_disk(part)
        _name(part, path)
        _to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, path: Path) -> None:
    """Unlike a renaming, a link fails when somebody made that file meanwhile."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        expect_free(path)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        expect_free(path)
        part.rename(path)


def _to_disk(path: Path) -> None:
    """A backup that a power cut takes back is none."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(new: Path, path: Path, aside: Path) -> None:
    """Put ``new`` at ``path``. What was there stays at ``aside``; at no moment is there nothing at ``path``."""
    if path.exists():
        try:
            aside.hardlink_to(path)
        except OSError as error:
            if error.errno not in NO_HARD_LINKS:
                raise
            path.rename(aside)
    _to_disk(new)
    new.replace(path)
    _to_disk(path.parent)
