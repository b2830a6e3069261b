"""Measuring a page under load: by the scripts of the peers where they are, else by the same steps of our own.

Both serve with gunicorn (two sync workers, loopback), ask with ``wrk`` (one connection, then eight) and write one line of tab-separated
values a page: requests a second, times, milliseconds of the workers' processors a request, memory, and what went wrong.
"""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.side_by_side.ours import Scenario

COLUMNS = ["time", "peer", "scenario", "c8_rps", "c1_rps", "c1_cpu_ms", "c8_cpu_ms", "bad", "rss_workers_MiB"]
WORKERS = 2


@dataclass(frozen=True)
class Served:
    """What is served: whose it is, from which folder, with which environment (``venv``) and settings, on which port."""

    name: str
    folder: Path
    venv: Path
    app: str
    port: int
    environ: Mapping[str, str]


class Load:
    """``peers``: the folder of their scripts, or None. ``out``: the file of results. ``seconds``: under eight connections, and one."""

    def __init__(self, scratch: Path, peers: Path | None, seconds: tuple[int, int]) -> None:
        self.scratch, self.peers, self.seconds, self.out = scratch, peers, seconds, scratch / "results.tsv"
        self.out.unlink(missing_ok=True)

    def measure(self, served: Served, scenarios: Sequence[Scenario]) -> None:
        """Serve it, ask for each page, stop it."""
        if self.peers:
            self._by_their_scripts(served, scenarios)
        else:
            self._by_ourselves(served, scenarios)

    def run_theirs(self, script: str, **environ: str) -> None:
        """Run one of the peers' own measurements."""
        assert self.peers is not None
        subprocess.run(["bash", str(self.peers / script)], env={**self._environ(), **environ}, check=True)

    def results(self) -> dict[tuple[str, str], dict[str, str]]:
        """The last line of each peer's scenario."""
        with self.out.open(encoding="utf-8") as file:
            return {(row["peer"], row["scenario"]): row for row in csv.DictReader(file, delimiter="\t")}

    def _environ(self) -> dict[str, str]:
        eight, one = self.seconds
        return {**os.environ, "W": str(self.scratch), "OUT": str(self.out), "DUR": str(eight), "DUR1": str(one)}

    def _by_their_scripts(self, served: Served, scenarios: Sequence[Scenario]) -> None:
        def words(*parts: object) -> str:
            return shlex.join(str(part) for part in parts)

        address = f"http://127.0.0.1:{served.port}"
        settings = [f"{name}={value}" for name, value in served.environ.items()]
        lines = [f". {words(f'{self.peers}/common.sh')}", words("serve", served.folder, served.port, served.venv, served.app, *settings)]
        lines.append(words("wait_up", address + "/hello"))
        for one in scenarios:
            prefix = "SIZE=post " if one.name.startswith("post") else f"CURLH={words(f'Cookie: {one.cookie}')} " if one.cookie else ""
            lines.append(prefix + words("bench", served.name, one.name, address + one.path, *([one.lua] if one.lua else [])))
        subprocess.run(["bash", "-c", "\n".join(lines)], env=self._environ(), check=True)

    def _by_ourselves(self, served: Served, scenarios: Sequence[Scenario]) -> None:
        command = [str(served.venv / "bin" / "gunicorn"), "-w", str(WORKERS), "-b", f"127.0.0.1:{served.port}", "--log-level", "warning"]
        with (self.scratch / f"{served.name}.log").open("wb") as log:
            environ = {**os.environ, **served.environ}
            server = subprocess.Popen([*command, served.app], cwd=served.folder, env=environ, stdout=log, stderr=log)
            try:
                _wait_for(f"http://127.0.0.1:{served.port}/hello")
                for one in scenarios:
                    self._write(
                        served.name, one.name, _asked(server.pid, f"http://127.0.0.1:{served.port}{one.path}", one.lua, self.seconds)
                    )
            finally:
                server.terminate()
                server.wait(30)

    def _write(self, peer: str, scenario: str, found: Mapping[str, str]) -> None:
        row = {"time": time.strftime("%H:%M:%S"), "peer": peer, "scenario": scenario, **found}
        is_new = not self.out.exists()
        with self.out.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter="\t")
            if is_new:
                writer.writeheader()
            writer.writerow(row)
        print("\t".join(row[column] for column in COLUMNS), flush=True)


def _wait_for(address: str) -> None:
    for _attempt in range(100):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers, if only that there is no such page
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit(f"{address} does not answer")


def _asked(server: int, address: str, lua: Path | None, seconds: tuple[int, int]) -> dict[str, str]:
    """Warm up for a second with four connections, then one connection, then eight."""
    wrk = ["wrk", "-t1", "--timeout", "20s", *(["-s", str(lua)] if lua else [])]

    def run(connections: int, duration: int) -> tuple[float, float, int]:
        before = _cpu_seconds(server)
        said = subprocess.run([*wrk, f"-c{connections}", f"-d{duration}s", address], capture_output=True, text=True, check=True).stdout
        used = _cpu_seconds(server) - before
        count, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        if not count or not rate:
            raise RuntimeError(said)
        return float(rate[1]), 1000 * used / max(1, int(count[1])), int(bad[1]) if bad else 0

    run(4, 1)
    (one, one_cpu, one_bad), (eight, eight_cpu, eight_bad) = run(1, seconds[1]), run(8, seconds[0])
    memory = "/".join(str(_resident(worker)) for worker in _children(server))
    found = {"c8_rps": f"{eight:.1f}", "c1_rps": f"{one:.1f}", "c1_cpu_ms": f"{one_cpu:.2f}", "c8_cpu_ms": f"{eight_cpu:.2f}"}
    return {**found, "bad": str(one_bad + eight_bad), "rss_workers_MiB": memory}


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _cpu_seconds(server: int) -> float:
    used = 0
    for process in (server, *_children(server)):
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> int:
    found = re.search(r"\nRss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text())
    return int(found[1]) // 1024 if found else 0
