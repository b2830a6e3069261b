"""The web, cut by audience. ``init_app`` puts it together in the order in which a request meets it."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Environment
from feedback_app.web import (
    access,
    account,
    admin,
    closing,
    coordination,
    errors,
    foreign_fields,
    headers,
    language,
    limits,
    look,
    measures,
    ministry,
    moderation,
    page_cache,
    presentation,
    public,
    request_log,
    sessions,
    static_files,
    transaction,
    word_changes,
)
from feedback_app.web.application import Application
from feedback_app.web.language import page_language

__all__ = ["Application", "init_app", "page_language"]


def init_app(app: Flask) -> None:
    """Register hooks, error pages and blueprints."""
    settings = app.config["SETTINGS"]
    measures.init_app(app)
    request_log.init_app(app)
    language.init_app(app)
    page_cache.init_app(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    transaction.read_bodies(app)
    limits.init_app(app)
    transaction.init_app(app)
    sessions.init_app(app)
    access.init_app(app)
    page_cache.prepare_pages(app)
    foreign_fields.init_app(app)
    headers.init_app(app)
    presentation.init_app(app)
    word_changes.init_app(app)
    closing.init_app(app)
    look.init_app(app, static_files.init_app(app))
    errors.init_app(app)
    for blueprint in (public.bp, account.bp, admin.bp, moderation.bp, ministry.bp, coordination.bp):
        app.register_blueprint(blueprint)
    if settings.demo or settings.environment is Environment.DEVELOPMENT:
        from feedback_app.web import catalogue

        app.register_blueprint(catalogue.bp)
    if settings.demo:  # nobody else needs its people, nor what makes its data
        from feedback_app.web import demo

        app.register_blueprint(demo.bp)
    errors.keep_last_resorts(app)
