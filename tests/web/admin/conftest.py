"""An administrator's browser, and a barometer to look after."""

from __future__ import annotations

import pytest

from feedback_app.domain.policy import Role


@pytest.fixture
def admin(make, sign_in):
    return sign_in(make.person(roles=(Role.ADMINISTRATOR,)))


@pytest.fixture
def barometer(make):
    return make.barometer("essai", name="Baromètre des essais")
