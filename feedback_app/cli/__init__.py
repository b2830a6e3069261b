"""The commands of an operator: one module per group. Bad input ends with one clear line and a status other than 0."""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

# Where each one is: a module is imported when its command is asked for. A web process never asks, and does without what commands need.
OURS = {
    **{name: f"feedback_app.cli.{name}" for name in ("access", "accounts", "barometer", "outbox", "plan", "privacy", "search")},
    **{name: f"feedback_app.cli.{name}" for name in ("statistics", "theme")},
    **dict.fromkeys(("backup", "move", "restore"), "feedback_app.cli.backup"),
    "jobs": "feedback_app.cli.jobs:jobs_group",
    "db": "flask_migrate.cli",
}
OF_A_DEMO = {"demo": "feedback_app.cli.demo"}


class Commands(AppGroup):
    """All commands of an application; ``places``: the module of each, and its name there where that is another one."""

    def __init__(self, places: dict[str, str], name: str) -> None:
        super().__init__(name)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is None and cmd_name in self._places:
            module, _colon, name = self._places[cmd_name].partition(":")
            found = getattr(import_module(module), name or cmd_name)
        return found


def init_app(app: Flask) -> None:
    """Put our commands in the place of Flask's empty group; the demo's only in a demo."""
    already = app.cli.commands
    app.cli = Commands(OURS | (OF_A_DEMO if app.config["SETTINGS"].demo else {}), app.name)
    app.cli.commands.update(already)
