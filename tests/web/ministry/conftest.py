"""The people of ``tests/services/cases/conftest.py``, met through the pages."""

from tests.services.cases.conftest import desk, play

__all__ = ["desk", "play"]
