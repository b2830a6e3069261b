"""What gunicorn and the ``flask`` command start: ``gunicorn wsgi:app``."""

import sys

from config import ConfigError
from feedback_app import create_app

try:
    app = create_app()
except ConfigError as error:
    sys.exit(f"Configuration: {error}")
