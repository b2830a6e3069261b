"""nginx with our own configuration (``deploy/nginx.conf``), moved to free ports and a temporary folder."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import ssl
from pathlib import Path

from tests.servers.process import HOST, Server, free_port
from tests.servers.site import ROOT
from tests.servers.smtp import certificate

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str | None:
    """Where nginx is: Debian keeps it off the PATH of anybody but root."""
    return shutil.which("nginx", path=SYSTEM_PATH)


def available() -> tuple[bool, str]:
    """Whether nginx is installed, else why not."""
    return (True, "") if program() else (False, "nginx is not installed")


class NginxServer(Server):
    """The proxy in front of a site on ``upstream`` (a port of loopback). ``port`` speaks https, ``plain_port`` http."""

    name = "nginx"
    stop_signals = (signal.SIGQUIT, signal.SIGTERM)
    death_signal = signal.SIGTERM

    def __init__(self, upstream: int) -> None:
        super().__init__()
        self._upstream = upstream
        self.plain_port = 0

    def prepare(self, folder: Path) -> None:
        pem, key = folder / "fullchain.pem", folder / "privkey.pem"
        pem.write_text(certificate().pem)
        key.touch(mode=0o600)
        key.write_text(certificate().key)

    def command(self, folder: Path) -> list[str]:
        self.plain_port = free_port()
        (folder / "site.conf").write_text(self.moved(CONFIGURATION.read_text(encoding="utf-8"), folder))
        (folder / "nginx.conf").write_text(self._around(folder))
        return [program() or "nginx", "-c", str(folder / "nginx.conf"), "-e", "stderr"]

    def moved(self, configuration: str, folder: Path) -> str:
        """The same configuration with the places of this run in the place of those of a real machine."""
        moves = {
            r"listen \[::\]:\d+.*;": "",
            r"listen 80;": f"listen {HOST}:{self.plain_port};",
            r"listen 443 ": f"listen {HOST}:{self.port} ",
            r"server unix:\S+": f"server {HOST}:{self._upstream}",
            r"/etc/devoir/tls/|/var/log/nginx/|/var/cache/nginx/": f"{folder}/",
        }
        for pattern, new in moves.items():
            configuration, count = re.subn(pattern, new, configuration)
            assert count, f"{pattern} is not in the configuration any more"
        return configuration

    def _around(self, folder: Path) -> str:
        temporary = "".join(f"{name}_temp_path {folder}/temporary-{name};\n" for name in TEMPORARY)
        user = "user root;" if os.geteuid() == 0 else ""
        return (
            f"{user}\ndaemon off;\nworker_processes 1;\npid {folder}/pid;\nevents {{}}\n"
            f"http {{\ninclude /etc/nginx/mime.types;\n{temporary}include {folder}/site.conf;\n}}\n"
        )

    def answers(self) -> bool:
        try:
            return self.get("/").status > 0
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """Ask over https for a page, which is read whole (``.body``)."""
        context = ssl.create_default_context(cadata=certificate().pem)
        connection = http.client.HTTPSConnection(HOST, self.port, timeout=20, context=context)
        try:
            connection.request("GET", path, headers={"Host": HOST, **(headers or {})})
            answer = connection.getresponse()
            answer.body = answer.read()  # type: ignore[attr-defined]
            return answer
        finally:
            connection.close()

    def written(self) -> str:
        """Its log of requests."""
        assert self.folder is not None
        return (self.folder / "devoir.log").read_text(encoding="utf-8")
