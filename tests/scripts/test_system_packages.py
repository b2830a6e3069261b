"""What ``make test`` installs, and what it says where it cannot."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from scripts import system_packages
from tests.servers import Program

REDIS = Program("redis-server", "the tests on Redis", "redis-server is not installed")


@pytest.fixture
def machine(monkeypatch):
    """A machine without Redis, as seen before and after an installation."""

    def prepare(*, can_install: bool, comes: bool = False, ci: str = "") -> list[str]:
        installed: list[str] = []
        monkeypatch.setenv("CI", ci)
        monkeypatch.setattr(system_packages, "can_install", lambda: can_install)
        monkeypatch.setattr(system_packages, "install", installed.extend)
        monkeypatch.setattr(system_packages, "missing_programs", lambda: [] if installed and comes else [REDIS])
        return installed

    return prepare


def test_what_is_missing_is_installed_where_that_is_possible(machine, capsys):
    installed = machine(can_install=True, comes=True, ci="true")
    assert system_packages.main() == 0
    assert installed == ["redis-server"]
    assert capsys.readouterr().err == ""


def test_what_cannot_be_installed_is_said_and_left_out(machine, capsys):
    installed = machine(can_install=False)
    assert system_packages.main() == 0
    assert installed == []
    assert "left out: the tests on Redis (redis-server is not installed; Debian package: redis-server)" in capsys.readouterr().err


@pytest.mark.parametrize("can_install", [True, False])
def test_in_ci_nothing_may_be_left_out(machine, can_install):
    machine(can_install=can_install, ci="true")
    assert system_packages.main() == 1


def test_no_service_is_started_meanwhile_and_the_policy_goes_again(tmp_path: Path):
    policy = tmp_path / "policy-rc.d"
    with system_packages.no_service_started(policy):
        assert policy.stat().st_mode & stat.S_IXUSR
        assert policy.read_text().endswith("exit 101\n")
    assert not policy.exists()


def test_a_policy_of_somebody_else_stays(tmp_path: Path):
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    with system_packages.no_service_started(policy):
        pass
    assert policy.read_text() == "#!/bin/sh\nexit 101\n"


def test_our_policy_left_by_a_killed_run_goes(tmp_path: Path):
    policy = tmp_path / "policy-rc.d"
    policy.write_text(system_packages.POLICY_TEXT)
    with system_packages.no_service_started(policy):
        assert policy.exists()
    assert not policy.exists()
