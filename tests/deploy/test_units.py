"""The units of systemd and the example of an environment, as far as they can be tried without installing them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from config import Config, Environment
from tests.house.source import ROOT
from tests.servers import need, systemd

DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in {".service", ".timer"})


def test_there_are_units_for_web_jobs_and_backups():
    assert [path.name for path in UNITS] == ["devoir-backup.service", "devoir-backup.timer", "devoir-jobs.service", "devoir-web.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_to_say_about_a_unit(unit, tmp_path):
    need(systemd.available())
    bin_folder = Path(sys.executable).parent
    for path in UNITS:
        # The programs are those of this checkout; systemd looks whether they are there.
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace("/srv/devoir/app/.venv/bin", str(bin_folder)))
    command = [str(shutil.which("systemd-analyze")), "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit.name)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "devoir-" in line]) == (0, [])


def test_the_commands_of_the_units_exist(tmp_path):
    """systemd does not know our options: gunicorn and flask do."""
    for unit in ("devoir-web.service", "devoir-jobs.service"):
        (line,) = [line for line in (DEPLOY / unit).read_text(encoding="utf-8").splitlines() if line.startswith("ExecStart=")]
        program, *words = line.removeprefix("ExecStart=").split()
        checked = [sys.executable, "-m", Path(program).name, *words, "--check-config" if "gunicorn" in program else "--help"]
        environ = {"PATH": "/usr/bin:/bin", "ENVIRONMENT": "development", "INSTANCE_PATH": str(tmp_path), "PYTHON_DOTENV_DISABLED": "1"}
        done = subprocess.run(checked, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr


def test_the_example_of_an_environment_is_one_of_production(tmp_path):
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    for_several = text.replace("#DATABASE_URL", "DATABASE_URL").replace("#REDIS_URL", "REDIS_URL")
    for content in (text, for_several):
        file = tmp_path / "environment"
        file.write_text(content, encoding="utf-8")
        found = Config.from_env({**{name: value or "" for name, value in dotenv_values(file).items()}, "INSTANCE_PATH": str(tmp_path)})
        assert (found.environment, found.secure, found.trusted_proxies) == (Environment.PRODUCTION, True, 1)
    assert found.redis_url
