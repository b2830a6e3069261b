"""The catalogue is for those who build pages: in development and in a demo, nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app import create_app
from tests.conftest import settings
from tests.pages import Page, PageClient, problems

PRODUCTION = {"ENVIRONMENT": "production", "MAIL_SERVER": "smtp.exemple.test", "MAIL_SENDER": "a@exemple.test"}


def visitor(folder: Path, **environ: str) -> PageClient:
    app = create_app(settings(folder, **environ))
    app.test_client_class = PageClient
    found = app.test_client()
    assert isinstance(found, PageClient)
    return found


@pytest.mark.parametrize("environ", [{"ENVIRONMENT": "development"}, {"DEMO": "1"}], ids=["development", "demo"])
def test_it_is_shown_in_development_and_in_a_demo(tmp_path, environ):
    answer = visitor(tmp_path, **environ).get("/composants")
    page = Page(answer.text)
    assert (answer.status_code, page.h1) == (200, "Composants")
    assert problems(page) == []
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


@pytest.mark.parametrize("environ", [PRODUCTION, {"ENVIRONMENT": "test"}], ids=["production", "test"])
def test_elsewhere_it_does_not_exist(tmp_path, environ):
    assert visitor(tmp_path, **environ).get("/composants").status_code == 404
