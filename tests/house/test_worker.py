"""A web process holds what it needs: what commands, other databases or other stores need is not imported by it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

# What is large, and who needs it: commands and migrations, PostgreSQL, Redis, the reading of plans and editions, the demo, the job process.
NOT_NEEDED = {
    "alembic", "flask_migrate", "mako", "psycopg", "redis", "pydantic", "pydantic_core", "yaml", "pygments", "rich", "segno",
    "feedback_app.demo", "feedback_app.web.demo", "feedback_app.web.catalogue", "feedback_app.consumer",
    "feedback_app.cli.demo", "feedback_app.cli.backup",
    "bleach", "markdown_it",
    "pytest", "hypothesis", "schemathesis",
}  # fmt: skip
WORKER = """
import sys
import wsgi
from feedback_app.database import db
from feedback_app import jobs
with wsgi.app.app_context():
    db.create_all()
assert wsgi.app.test_client().get("/", base_url="http://localhost").status_code == 200
with wsgi.app.app_context():
    jobs.queue_of(wsgi.app).wake()
print(*sys.modules)
"""


def imported(folder: Path) -> set[str]:
    """The modules of a process that showed a page and woke the job process, on SQLite and without Redis."""
    environ = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "production",
        "SECRET_KEY": "a secret that is long enough for anybody",
        "BASE_URL": "http://localhost",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_SENDER": "site@exemple.test",
        "INSTANCE_PATH": str(folder),
    }
    done = subprocess.run([sys.executable, "-c", WORKER], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_web_process_on_sqlite_without_redis_imports_nothing_of_what_is_not_configured(tmp_path):
    found = imported(tmp_path)

    assert {"huey", "sqlalchemy", "feedback_app.jobs"} <= found, "it woke the job process"
    assert found & NOT_NEEDED == set()
