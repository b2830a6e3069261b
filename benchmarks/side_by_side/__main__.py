"""Our pages beside the limit and the peers, in one run; the page ``docs/benchmarks.md`` is written again.

    python -m benchmarks.side_by_side

``BENCH_PEERS`` (default ``../shared/bench``) is the folder of the peers' scripts, set up once (``W=FOLDER ./setup_all.sh``); where there
is none, it says so and measures a limit of its own. ``--scratch`` is the folder in which they were set up, and where ours is made. Needs
``wrk``. With ``--quick`` each page is asked for three seconds: good for ratios to look at, not for figures to publish.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import growth
from benchmarks.side_by_side import bare, report
from benchmarks.side_by_side.load import Load, Served
from benchmarks.side_by_side.ours import BODY, INDICATORS, VALUES, OurSite, Scenario
from tests.servers.site import ROOT, database_of

PAGE = ROOT / "docs" / "benchmarks.md"
OUR_PORT, LIMIT_PORT = 8410, 8411
LONG, QUICK = (10, 5), (3, 2)


def peers_folder() -> Path | None:
    """Where the scripts of the peers are, if they are."""
    folder = (ROOT / os.environ.get("BENCH_PEERS", "../shared/bench")).resolve()
    return folder if (folder / "common.sh").is_file() else None


def limit(load: Load, scratch: Path, *, whole: bool) -> None:
    """Our own limit: the pages with as many rows as ours; ``whole``: all pages, in the place of the limit of the peers."""
    folder = scratch / "limit"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bare.seed(folder / bare.FILE)
    form = folder / "post.lua"
    form.write_text(
        'wrk.method = "POST"; wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n'
        f'wrk.body = "author=Citoyenne&text={BODY.replace(" ", "+")}"\n'
    )
    pages = [
        Scenario("hello", "/hello"),
        Scenario("page100_html", "/page/1"),
        Scenario("queue50_html", "/queue?queue=3"),
        Scenario("post_comment", "/comment/2", form),
    ]
    served = Served("bare", folder, Path(sys.prefix), "benchmarks.side_by_side.bare:app", LIMIT_PORT, {"PYTHONPATH": str(ROOT)})
    tables = [Scenario("rows_indicator", f"/rows/{VALUES}"), Scenario("rows_territory", f"/rows/{INDICATORS}")]
    load.measure(served, [*(pages if whole else []), *tables])


def ours(load: Load, scratch: Path, database: str, only: Sequence[str]) -> None:
    """Our site on this database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=scratch)))
        url = stack.enter_context(database_of(database, folder))
        site = OurSite(folder, url, OUR_PORT)
        for scenarios, environ in ((site.scenarios, {"PAGE_CACHE_MB": "0"}), (site.kept, {})):
            wanted = [one for one in scenarios if not only or one.name in only]
            served = Served(f"ours_{database}", ROOT, Path(sys.prefix), "wsgi:app", OUR_PORT, {**site.environ, **environ})
            if wanted:
                load.measure(served, wanted)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.side_by_side", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "devoir-bench", help="outside the checkout")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append", help="both unless one is named")
    parser.add_argument("--only", action="append", default=[], metavar="SCENARIO", help="measure this page of ours only")
    parser.add_argument("--quick", action="store_true", help="three seconds a page")
    parser.add_argument("--no-growth", action="store_true", help="leave out 1,000 against 100,000")
    parser.add_argument("--no-peers", action="store_true", help="the limit alone")
    parser.add_argument("--no-page", action="store_true", help="print the page, do not write it")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    databases = options.database or ["sqlite", "postgresql"]
    peers = peers_folder()
    if peers is None:
        print("BENCH_PEERS names no folder with the scripts of the peers: a limit of our own stands in for them, without peers beside it.")
    options.scratch.mkdir(parents=True, exist_ok=True)
    load = Load(options.scratch, peers, QUICK if options.quick else LONG)
    theirs = ["bench_isso.sh", "bench_isso_admin.sh", "bench_helpdesk.sh"]
    for script in ["bench_bare.sh", *([] if options.no_peers else theirs)] if peers else []:
        load.run_theirs(script)
    limit(load, options.scratch, whole=peers is None)
    for database in databases:
        ours(load, options.scratch, database, options.only)
    if peers:
        load.run_theirs("bench_bare.sh", BARE_QUICK="1")
    grown = {}
    for database in [] if options.no_growth else databases:
        grown[database] = growth.table([growth.measure(size, database) for size in (1_000, 100_000)])
    command = "python -m benchmarks.side_by_side" + (" --quick" if options.quick else "")
    found = report.page(load.results(), databases, grown, command, report.kept_of(PAGE), peers=peers is not None)
    print(found)
    if not options.no_page:
        PAGE.write_text(found, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
