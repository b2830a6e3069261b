"""A ministry with its people, and the moves of a case, as the tests of the services have them."""

from tests.services.cases.conftest import desk, play

__all__ = ["desk", "play"]
