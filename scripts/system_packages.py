"""Before the tests: install the Debian packages of the programs they need (a browser, PostgreSQL, Redis), where that is possible.

Where it is not, say what the tests will leave out and go on; with CI=true nothing may be left out: exit with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import missing_programs

POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_TEXT = "#!/bin/sh\n# Written by 'make test' of devoir-de-suite while it installs packages: no service is started.\nexit 101\n"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def main() -> int:
    missing = missing_programs()
    if missing and can_install():
        install([program.package for program in missing])
        missing = missing_programs()
    for program in missing:
        print(f"make test: left out: {program.used_for} ({program.reason}; Debian package: {program.package})", file=sys.stderr)
    if missing and os.environ.get("CI") == "true":
        print("make test: with CI=true nothing may be left out", file=sys.stderr)
        return 1
    return 0


def can_install() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get", path=SYSTEM_PATH) is not None


def install(packages: list[str]) -> None:
    """Install with apt-get. A failure is told by apt-get itself; the caller looks again at what is there."""
    print(f"make test: installing the Debian packages {', '.join(packages)}", file=sys.stderr)
    with no_service_started():
        apt("update")
        apt("install", "--yes", "--no-install-recommends", *packages)


def apt(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": SYSTEM_PATH}
    command = ["apt-get", "--quiet=2", "--option", "DPkg::Lock::Timeout=300", *arguments]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, check=False)


@contextmanager
def no_service_started(policy: Path = POLICY) -> Iterator[None]:
    """Packages start their service at once unless this file refuses. Somebody else's stays; ours goes, also one left by a killed run."""
    if policy.exists() and policy.read_text() != POLICY_TEXT:
        yield
        return
    policy.write_text(POLICY_TEXT)
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
