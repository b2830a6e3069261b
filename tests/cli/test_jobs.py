"""``flask jobs run``: what it answers at once. That it works is in ``tests/test_jobs.py``."""

from __future__ import annotations

from feedback_app import jobs


def test_a_queue_that_cannot_be_opened_is_said_in_one_line(app, monkeypatch, tmp_path):
    def refuse(_app: object) -> None:
        raise jobs.QueueUnavailable("unable to open database file")

    monkeypatch.setattr(jobs, "run", refuse)
    result = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert result.exit_code == 1
    assert result.stderr == "Error: la file des travaux ne s’ouvre pas : unable to open database file\n"


def test_it_runs_the_application_itself_not_a_proxy(app, monkeypatch):
    """huey's threads have no application context in which a proxy would mean something."""
    given = []
    monkeypatch.setattr(jobs, "run", given.append)
    result = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert result.exit_code == 0
    assert given[0] is app
