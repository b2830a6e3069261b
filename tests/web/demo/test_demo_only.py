"""What the demo opens exists in a demo only, and a demo is never a production site."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from config import Config, ConfigError
from tests.pages import PageClient

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "a key that is long enough to be accepted",
    "BASE_URL": "https://exemple.fr",
    "MAIL_SERVER": "smtp.exemple.fr",
    "MAIL_SENDER": "ne-pas-repondre@exemple.fr",
}


@pytest.mark.parametrize("path", ["/demo", "/demo/", "/demo/courriels", "/demo/entrer/citoyenne"])
def test_outside_a_demo_the_pages_do_not_exist(client: PageClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_outside_a_demo_no_address_begins_so(app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if "demo" in rule.rule] == []


def test_each_address_of_the_demo_is_kept_out_of_caches_and_search_engines(visitor: PageClient) -> None:
    for path in ("/demo", "/demo/courriels", "/composants"):
        answer = visitor.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_demo_cannot_be_a_production_site(tmp_path: Path) -> None:
    environ = PRODUCTION | {"INSTANCE_PATH": str(tmp_path)}
    assert not Config.from_env(environ).demo
    with pytest.raises(ConfigError, match="DEMO cannot be switched on in production"):
        Config.from_env(environ | {"DEMO": "1"})


def test_a_demo_sends_nothing_and_listens_on_this_machine_only(tmp_path: Path) -> None:
    environ = {"DEMO": "1", "INSTANCE_PATH": str(tmp_path)}
    with pytest.raises(ConfigError, match="MAIL_SERVER must be empty"):
        Config.from_env(environ | {"MAIL_SERVER": "smtp.exemple.fr"})
    with pytest.raises(ConfigError, match="loopback"):
        Config.from_env(environ | {"BASE_URL": "https://exemple.fr"})
