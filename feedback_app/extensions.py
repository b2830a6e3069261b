"""The extension objects, without logic of ours but the plurals of French; ``create_app`` binds them. The database's is in ``database``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.support import NullTranslations
from flask import Flask, current_app
from flask_babel import Babel, Domain, get_locale
from flask_login import LoginManager
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class _French(NullTranslations):
    """The language of the sources: nothing to look up. In French none is singular too ("0 engagement")."""

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return plural if number > 1 else singular


class _Catalogues(Domain):
    """The catalogue of each language, kept per application (Flask-Babel would share them between all those of a process)."""

    def get_translations_cache(self, _context: object) -> dict[Any, Any]:
        cache: dict[Any, Any] = current_app.extensions.setdefault("catalogues", {})
        return cache

    def get_translations(self) -> Any:
        locale = get_locale()
        return _French() if locale is not None and locale.language == "fr" else super().get_translations()


class Migrations:
    """What Flask-Migrate keeps of an application, made by it when a command first asks: it brings Alembic, which no page needs."""

    def __init__(self, app: Flask, db: SQLAlchemy) -> None:
        self._app, self._db = app, db

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, self._db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
        return getattr(self._app.extensions["migrate"], name)  # its own, in our place


babel = Babel()
babel.domain_instance = _Catalogues()
csrf = CSRFProtect()
login_manager = LoginManager()
mail = Mail()
