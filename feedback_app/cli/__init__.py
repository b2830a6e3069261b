"""The commands of an operator: one module per group. Bad input ends with one clear line and a status other than 0."""

from __future__ import annotations

from flask import Flask

from feedback_app.cli.access import access
from feedback_app.cli.accounts import accounts
from feedback_app.cli.backup import backup, move, restore
from feedback_app.cli.barometer import barometer
from feedback_app.cli.demo import demo
from feedback_app.cli.jobs import jobs_group
from feedback_app.cli.outbox import outbox
from feedback_app.cli.plan import plan
from feedback_app.cli.privacy import privacy
from feedback_app.cli.search import search
from feedback_app.cli.statistics import statistics
from feedback_app.cli.theme import theme


def init_app(app: Flask) -> None:
    """Register groups and commands; the demo's only in a demo."""
    for group in (access, accounts, barometer, jobs_group, outbox, plan, privacy, search, statistics, theme):
        app.cli.add_command(group)
    for command in (backup, move, restore):
        app.cli.add_command(command)
    if app.config["SETTINGS"].demo:
        app.cli.add_command(demo)
