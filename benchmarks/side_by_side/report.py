"""What was measured, as a page: ratios within one run, beside what is asked for, and what falls short."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

Results = Mapping[tuple[str, str], Mapping[str, str]]
BY_HAND = "## What was tried"
HELPDESK, QUEUE, TICKET = "helpdesk_sqlite", ("queue_page_shell_html", "queue_rows50_ajax"), ("ticket_20_followups",)
MEMORY_MOST, MEMORY_AIM = 130, 90


@dataclass(frozen=True)
class Asked:
    """A page of ours and what it is held against. ``least`` and ``aim``: of the limit's requests a second; ``peer_least``: of the peer's.

    A page of a peer that takes several answers (its shell, then its rows) names them all.
    """

    scenario: str
    words: str
    limit: str
    least: float
    aim: float | None = None
    peer: str = ""
    theirs: tuple[str, ...] = field(default=())
    peer_least: float = 0


ASKED = (
    Asked("thread100", "a commitment with 100 comments", "page100_html", 0.45, 0.7, "isso", ("page100_json",), 30),
    Asked("thread100_cached", "the same from the page cache", "hello", 0.45, 0.8, "isso", ("page100_json",), 150),
    Asked("thread100_304", "the same, revalidated", "hello", 0.45, 0.8, "isso", ("page100_json",), 150),
    Asked("post", "a comment sent into moderation", "post_comment", 0.16, 0.3, "isso", ("post_comment_moderated",), 1),
    Asked("queue", "the desk, filtered, 50 rows of 10,000", "queue50_html", 0.33, 0.5, HELPDESK, QUEUE, 25),
    Asked("request20", "a case of 20 entries, 6 of them answers, for the ministry", "page100_html", 0.33, None, HELPDESK, TICKET, 15),
    Asked("request20_public", "the same request, for everybody", "page100_html", 0.33, None, HELPDESK, TICKET, 15),
    Asked("modqueue", "moderation, 100 rows", "page100_html", 0.27, None, "isso", ("moderation_queue100_html",), 5),
    Asked("indicator", "an indicator with 40 values", "rows_indicator", 0.35),
    Asked("territory", "a territory with 106 indicators", "rows_territory", 0.35),
)  # fmt: skip


@dataclass(frozen=True)
class Ratio:
    """One line of the table. None: not measured."""

    asked: Asked
    ours: float
    limit: float | None
    peer: float | None

    @property
    def of_limit(self) -> float | None:
        return self.ours / self.limit if self.limit else None

    @property
    def of_peer(self) -> float | None:
        return self.ours / self.peer if self.peer else None

    @property
    def short(self) -> list[str]:
        """What falls short, in words."""
        found = []
        if self.of_limit is not None and self.of_limit < self.asked.least:
            found.append(f"{self.asked.words}: {self.of_limit:.2f} of the limit, {self.asked.least} asked")
        if self.of_peer is not None and self.of_peer < self.asked.peer_least:
            found.append(f"{self.asked.words}: {self.of_peer:.1f} times {self.asked.peer}, {self.asked.peer_least:g} asked")
        return found


def ratios(results: Results, ours: str) -> list[Ratio]:
    """Ours against the limit (measured first and last: the mean) and against the peers."""

    def rate(peer: str, scenario: str) -> float | None:
        found = [float(results[who, scenario]["c8_rps"]) for who in (peer, f"{peer}_again") if (who, scenario) in results]
        return sum(found) / len(found) if found else None

    lines = []
    for asked in ASKED:
        mine = rate(ours, asked.scenario)
        parts = [rate(asked.peer, part) for part in asked.theirs]
        theirs = [part for part in parts if part]
        peer = 1 / sum(1 / part for part in theirs) if theirs and len(theirs) == len(parts) else None
        if mine:
            lines.append(Ratio(asked, mine, rate("bare", asked.limit), peer))
    return lines


def memory(results: Results, ours: str) -> int:
    """The largest worker under load, in MiB."""
    return max((int(size) for (who, _), row in results.items() if who == ours for size in row["rss_workers_MiB"].split("/")), default=0)


def _table(found: Sequence[Ratio]) -> Iterator[str]:
    yield "| page | ours | limit | peer | of the limit | asked (aim) | times the peer | asked |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in found:
        asked, none = one.asked, "–"
        aim = f" ({asked.aim:g})" if asked.aim else ""
        peer = f"{one.peer:.1f}" if one.peer else none
        times = f"{one.of_peer:.1f}" if one.of_peer else none
        limit, of_limit = (f"{one.limit:.0f}", f"**{one.of_limit:.2f}**") if one.limit and one.of_limit else (none, none)
        peer_asked = f"{asked.peer_least:g}" if asked.peer_least else none
        yield f"| {asked.words} | {one.ours:.1f} | {limit} | {peer} | {of_limit} | {asked.least:g}{aim} | {times} | {peer_asked} |"


def machine() -> str:
    """What it ran on, without its name."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory_kb = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    parts = [f"{os.cpu_count()} cores", f"({model[1].strip()})" if model else "", f"{int(memory_kb[1]) // 2**20} GB" if memory_kb else ""]
    return ", ".join(part for part in parts if part).replace(", (", " (") + f", Python {platform.python_version()}"


def page(results: Results, databases: Sequence[str], growth: Mapping[str, list[list[str]]], command: str, kept: str, *, peers: bool) -> str:
    """The whole page. ``kept``: what was written by hand."""
    lines = [
        "# Benchmarks",
        "",
        f"Written by `{command}` on {datetime.now(UTC).date().isoformat()}, on {machine()}; gunicorn with two sync workers, on loopback.",
        "Requests a second, eight connections. Compare ratios, never absolutes: all is measured in one run, the limit first and last.",
        "The limit is bare Flask with `sqlite3` doing the least for a page of the same size, also beside PostgreSQL"
        + (";" if peers else "."),
    ]
    if peers:
        lines.append("the peers are Isso 0.14.0 (comments) and django-helpdesk 2.6.1 (its queue is a shell, then its rows).")
    else:
        lines.append(
            "`BENCH_PEERS` was absent: there are no peers beside it, and the limit is our own (`benchmarks/side_by_side/bare.py`)."
        )
    short: list[str] = []
    for database in databases:
        found = ratios(results, f"ours_{database}")
        size = memory(results, f"ours_{database}")
        lines += ["", f"## {NAMES[database]}", "", *_table(found), ""]
        lines.append(f"The largest worker under load holds {size} MiB: at most {MEMORY_MOST} are asked for, {MEMORY_AIM} aimed at.")
        short += [f"{NAMES[database]}, {what}" for one in found for what in one.short]
        short += [f"{NAMES[database]}, a worker: {size} MiB"] if size > MEMORY_MOST else []
        bad = sum(int(row["bad"]) for (who, _), row in results.items() if who == f"ours_{database}")
        short += [f"{NAMES[database]}: {bad} answers were errors"] if bad else []
    for database, rows in growth.items():
        lines += ["", f"## From 1,000 to 100,000 requests and comments, {NAMES[database]}", ""]
        lines += ["| page | statements | ms at 1,000 | ms at 100,000 | times as long |", "|---|---|---|---|---|"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
    lines += ["", "## What falls short", "", *([f"- {what}" for what in short] or ["Nothing of what is asked for."]), ""]
    return "\n".join(lines) + "\n" + (kept or f"{BY_HAND}\n")


NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def kept_of(path: Path) -> str:
    """What somebody wrote by hand at the end of the page."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    return before[before.index(BY_HAND) :] if BY_HAND in before else ""
