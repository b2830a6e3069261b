"""``make demo`` as a whole of processes, tried on small stand-ins: what starts together ends together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts import demo
from scripts.company import STOP_SIGNALS, Company, Ended
from tests.servers.process import HOST, free_port
from tests.servers.watch import alive, listening, soon

ROOT = Path(__file__).resolve().parents[2]

# A web server with a child of its own in the same group, as gunicorn has; each writes its id where the test finds it.
WEB = """
import http.server, os, pathlib, subprocess, sys
folder = pathlib.Path(os.environ["INSTANCE_PATH"])
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdin=subprocess.PIPE)
(folder / "pids-web").write_text(f"{os.getpid()} {child.pid}")
class Home(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *words): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Home).serve_forever()
"""
JOBS = """
import os, pathlib, signal, time
{first}
(pathlib.Path(os.environ["INSTANCE_PATH"]) / "pids-jobs").write_text(str(os.getpid()))
time.sleep(600)
"""
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
PREPARE = """
import json, os, pathlib, sys
folder = pathlib.Path(os.environ["INSTANCE_PATH"])
assert sys.stdin.read() == ""
with (folder / "prepared").open("a") as file: file.write(sys.argv[1] + " ")
(folder / "environment").write_text(json.dumps(dict(os.environ)))
"""
RUNNER = """
import sys
from scripts import demo
from scripts.company import STOP_SIGNALS, Company, Ended
web, jobs, prepare = sys.argv[1:4]
def parts(port):
    python = [sys.executable, "-c"]
    return demo.Parts(
        preparing=[("the database", [*python, prepare, "upgrade"]), ("the sample data", [*python, prepare, "seed"])],
        running=[("the web server", [*python, web, str(port)]), ("the jobs", [*python, jobs])],
    )
sys.exit(demo.main(sys.argv[4:], parts))
"""


class Running:
    """A demo made of stand-ins, in a folder of the test's."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.process = process

    def line(self, part: str) -> str:
        """The next line it prints that holds these words; the empty string when it ends without."""
        assert self.process.stdout is not None
        return next((line for line in self.process.stdout if part in line), "")

    def pids(self) -> list[int]:
        names = ("pids-web", "pids-jobs")
        soon(lambda: all((self.folder / name).exists() and (self.folder / name).read_text() for name in names))
        return [int(word) for name in names for word in (self.folder / name).read_text().split()]

    def end(self) -> tuple[int, str]:
        assert self.process.stdout is not None
        rest = self.process.stdout.read()
        return self.process.wait(timeout=30), rest


@contextmanager
def running(folder: Path, *arguments: str, web: str = WEB, jobs: str = JOBS.format(first=""), prepare: str = PREPARE) -> Iterator[Running]:
    environ = {**os.environ, "INSTANCE_PATH": str(folder), "DATABASE_URL": "sqlite:///somewhere-else.db", "MARKER": "kept"}
    command = [sys.executable, "-c", RUNNER, web, jobs, prepare, *arguments]
    # Whoever starts the tests with nohup ignores SIGHUP, and what they start would inherit that.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    signal.signal(signal.SIGHUP, before)
    with process:
        try:
            yield Running(folder, process)
        finally:
            process.terminate()
            assert soon(lambda: process.poll() is not None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "instance" / "demo"


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_everything_stops_when_it_is_stopped(folder, stop):
    with running(folder, "--port", "0") as site:
        ready = site.line("ready on")
        port = int(ready.split("http://127.0.0.1:")[1].split("/")[0])
        pids = site.pids()
        assert len(pids) == 3
        assert listening(port)
        site.process.send_signal(stop)
        assert site.end()[0] == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert not listening(port)


def test_everything_stops_when_the_runner_is_killed(folder):
    """Then nobody is left to stop the children of a child: like gunicorn's, they notice by themselves."""
    with running(folder, "--port", "0", web=WEB.replace("import time; time.sleep(600)", "import sys; sys.stdin.read()")) as site:
        site.line("ready on")
        pids = site.pids()
        site.process.kill()
        assert soon(lambda: not any(alive(pid) for pid in pids))


@pytest.mark.parametrize(("part", "name"), [(0, "the web server"), (2, "the jobs")])
def test_everything_stops_when_one_part_ends(folder, part, name):
    with running(folder, "--port", "0") as site:
        site.line("ready on")
        pids = site.pids()
        os.kill(pids[part], signal.SIGKILL)
        status, said = site.end()
    assert status == 1
    assert f"{name} ended (killed by SIGKILL)" in said
    assert [pid for pid in pids if alive(pid)] == []


def test_a_part_that_does_not_stop_by_itself_is_killed_at_the_second_ctrl_c(folder):
    with running(folder, "--port", "0", jobs=JOBS.format(first=STUBBORN)) as site:
        site.line("ready on")
        pids = site.pids()
        assert soon(lambda: not alive(pids[2]) or bool(site.process.send_signal(signal.SIGINT)), within=8)
        assert site.end()[0] == 0
    assert [pid for pid in pids if alive(pid)] == []


def test_it_prepares_first_and_says_what_failed(folder):
    with running(folder, "--port", "0", prepare="import sys; sys.exit(3)") as site:
        status, said = site.end()
    assert (status, "the database failed (exit status 3)" in said) == (1, True)
    assert not (folder / "pids-web").exists()


def test_its_parts_see_the_demo_and_no_database_of_somebody_else(folder):
    port = free_port()
    with running(folder, "--port", str(port)) as site:
        assert site.line("DATABASE_URL is left aside")
        site.line("ready on")
        seen = json.loads((folder / "environment").read_text())
    assert (seen["DEMO"], seen["BASE_URL"], seen["INSTANCE_PATH"]) == ("1", f"http://127.0.0.1:{port}", str(folder))
    assert seen["MARKER"] == "kept"
    assert "DATABASE_URL" not in seen


def test_a_taken_port_is_said_and_nothing_is_touched(folder):
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with running(folder, "--port", str(port)) as site:
            status, said = site.end()
    assert status == 2
    assert f"port {port} is taken" in said
    assert f"make demo PORT={port + 1}" in said
    assert not folder.exists()


@pytest.mark.parametrize("port", ["", "http", "-1", "65536", "8" * 5000, "²"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(demo.Refused, match="from 1 to 65535"), demo.own_port(port):
        pass


def test_nobody_gets_the_port_while_the_demo_is_prepared():
    """It takes seconds: another program that asked for any free port could have got this one, and the web server would end."""
    with demo.own_port("0") as port, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((HOST, port))
    with demo.own_port(str(port)) as again, socket.create_server((HOST, again)) as web:
        assert web.getsockname()[1] == port


@pytest.fixture
def own_signals() -> Iterator[None]:
    """A company takes the signals that stop it over for good: these tests want them back."""
    kept = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    yield
    for number, action in kept.items():
        signal.signal(number, action)


@pytest.mark.usefixtures("own_signals")
def test_a_part_that_was_stopped_together_with_the_demo_is_no_failure(tmp_path):
    """A service manager tells all processes to stop at the same moment: one may be gone before the runner looks."""
    with Company(os.environ, tmp_path) as company:
        company.start("the jobs", [sys.executable, "-c", "import time; time.sleep(600)"])
        ((_name, process),) = company._members
        poll = process.poll

        def stopped_meanwhile() -> int | None:
            company._note()
            process.poll = poll
            process.terminate()
            process.wait()
            return poll()

        process.poll = stopped_meanwhile
        with pytest.raises(Ended) as end:
            company.wait(lambda: False)
    assert end.value.asked


def test_run_again_it_keeps_what_was_entered_and_reset_forgets_it(folder):
    for arguments, prepared in [((), "upgrade seed "), ((), "upgrade seed upgrade seed "), (("--reset",), "upgrade seed ")]:
        with running(folder, "--port", "0", *arguments) as site:
            site.line("ready on")
            assert (folder / "prepared").read_text() == prepared
            site.process.terminate()
            assert site.end()[0] == 0
        (folder / "sub").mkdir(exist_ok=True)
    assert folder.is_dir()


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_a_folder_that_is_not_the_demo_s_is_left_alone(folder, arguments):
    folder.mkdir(parents=True)
    (folder / "devoir-de-suite.db").write_text("precious")
    with running(folder, "--port", "0", *arguments) as site:
        status, said = site.end()
    assert (status, "was not made by the demo" in said) == (2, True)
    assert [path.name for path in folder.iterdir()] == ["devoir-de-suite.db"]


def test_reset_follows_no_link_out_of_the_folder(folder, tmp_path):
    folder.mkdir(parents=True)
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (folder / "link").symlink_to(tmp_path / "precious")
    (folder / demo.MARK).touch()
    demo.empty(folder)
    assert [path.name for path in folder.iterdir()] == [demo.MARK]
    assert (tmp_path / "precious" / "file").exists()


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_two_demos_do_not_share_a_folder(folder, arguments):
    with running(folder, "--port", "0") as first:
        first.line("ready on")
        with running(folder, "--port", "0", *arguments) as second:
            status, said = second.end()
        assert status == 2
        assert f"already runs in {folder} (process {first.process.pid})" in said
        assert all(alive(pid) for pid in first.pids())
