"""A tethered command is the command itself, and ends with the process that started it."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.watch import alive, soon

TETHER = [sys.executable, "-I", "-S", str(Path(__file__).resolve().parents[2] / "scripts" / "tether.py")]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TETHER, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_it_becomes_the_command_with_its_arguments_and_status():
    done = run("sh", "-c", 'echo "$0 --user $1"; exit 7', "--parent", "a b")
    assert (done.stdout, done.returncode) == ("--parent --user a b\n", 7)


@pytest.mark.parametrize(("words", "status", "sentence"), [(["no-such-program-here"], 127, "No such file"), ([], 2, "tether.py")])
def test_a_command_that_cannot_run_is_said_in_a_line(words, status, sentence):
    done = run(*words)
    assert done.returncode == status
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_it_does_not_start_when_its_parent_is_already_gone():
    done = run("--parent", "1", "echo", "started")
    assert (done.stdout, done.returncode) == ("", 1)


def test_the_command_has_the_usual_signals():
    """Python ignores SIGPIPE; a command that inherited that would not stop at the end of a pipe."""
    done = run("sh", "-c", "grep SigIgn /proc/self/status")
    assert int(done.stdout.split()[1], 16) & (1 << 12) == 0


def test_it_ends_when_its_parent_is_killed():
    program = f"import subprocess\nchild = subprocess.Popen({[*TETHER, 'sleep', '60']!r})\nprint(child.pid, flush=True); child.wait()"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        # It is tied once it has become the command.
        assert soon(lambda: Path(f"/proc/{child}/comm").read_text() == "sleep\n")
        parent.kill()
    assert soon(lambda: not alive(child))


def test_it_gives_up_the_rights_of_root_for_good():
    other = pwd.getpwnam("nobody")
    done = run("--user", "nobody", "sh", "-c", "id -u; id -g; id -G; echo $HOME")
    if os.geteuid() == 0:
        assert done.stdout.split() == [str(other.pw_uid), str(other.pw_gid), str(other.pw_gid), other.pw_dir]
    else:
        assert done.returncode == 1
        assert "may not run as nobody" in done.stderr
