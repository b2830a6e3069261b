"""The extension objects, without logic; ``create_app`` binds them. The database's is in ``database``."""

from __future__ import annotations

from pathlib import Path

from flask_babel import Babel
from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
mail = Mail()
migrate = Migrate(directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
