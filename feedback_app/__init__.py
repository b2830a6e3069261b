"""Devoir de suite: citizens talk with their ministries about what was promised and what was achieved."""

from __future__ import annotations

from flask import Flask

from config import ROOT, Config
from feedback_app import cli, jobs, logs, web
from feedback_app.database import db
from feedback_app.domain.signing import Signer
from feedback_app.extensions import Migrations, babel, csrf, mail


def create_app(config: Config | None = None) -> Flask:
    """The application. ``config`` defaults to the environment's; raises ``ConfigError`` when that cannot be used."""
    config = config or Config.from_env()
    config.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds people's addresses
    app = web.Application(
        __name__,
        instance_path=str(config.instance_path),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_mapping(config.flask())
    logs.init_app(app)
    app.extensions["signer"] = Signer([config.secret_key, *config.secret_key_fallbacks])
    db.init_app(app)
    app.extensions["migrate"] = Migrations(app, db)
    mail.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=web.page_language)
    jobs.init_app(app)
    web.init_app(app)
    cli.init_app(app)
    return app
