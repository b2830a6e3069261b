"""The settings: production starts with everything it needs or not at all, and a refusal names every fault at once."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from config import Config, ConfigError, Environment
from feedback_app import create_app

SECRET = "a secret that nobody else knows, and long enough"
PASSWORD = "the password of the mail server"
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "BASE_URL": "https://devoir.exemple.test",
    "MAIL_SERVER": "smtp.exemple.test",
    "MAIL_SENDER": "ne-pas-repondre@devoir.exemple.test",
}


def config(environ: Mapping[str, str], folder: Path) -> Config:
    return Config.from_env({"INSTANCE_PATH": str(folder), **environ})


def problems(environ: Mapping[str, str], folder: Path) -> list[str]:
    """What a refusal says, one fault after the other."""
    with pytest.raises(ConfigError) as refusal:
        config(environ, folder)
    return str(refusal.value).split("; ")


def test_production_is_what_an_empty_environment_means_and_it_names_all_it_misses(tmp_path):
    assert problems({}, tmp_path) == [f"{name} is required in production" for name in PRODUCTION]


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_does_not_start_without_one_of_them(tmp_path, name):
    assert problems({**PRODUCTION, name: "  "}, tmp_path) == [f"{name} is required in production"]


def test_a_refusal_leaves_nothing_behind(tmp_path):
    problems({}, tmp_path / "instance")
    assert list(tmp_path.iterdir()) == []


def test_production_starts_with_the_three(tmp_path):
    settings = config(PRODUCTION, tmp_path)
    assert settings.environment is Environment.PRODUCTION
    assert (settings.demo, settings.mail.server, settings.secret_key) == (False, "smtp.exemple.test", SECRET)


def test_a_secret_that_is_too_short_is_refused(tmp_path):
    assert problems({**PRODUCTION, "SECRET_KEY": "x" * 31}, tmp_path) == ["SECRET_KEY must have at least 32 characters"]
    assert config({**PRODUCTION, "SECRET_KEY": "x" * 32}, tmp_path).secret_key == "x" * 32


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MAIL_PORT", "smtp", "MAIL_PORT must be a number, not 'smtp'"),
        ("MAIL_TIMEOUT", "ten", "MAIL_TIMEOUT must be a number, not 'ten'"),
        ("TRUSTED_PROXIES", "1.5", "TRUSTED_PROXIES must be a number, not '1.5'"),
        ("FORM_MIN_SECONDS", "3s", "FORM_MIN_SECONDS must be a number, not '3s'"),
        ("FORM_MAX_HOURS", "1 day", "FORM_MAX_HOURS must be a number, not '1 day'"),
        ("DEMO", "oui", "DEMO must be 1 or 0, not 'oui'"),
        ("MAIL_USE_TLS", "2", "MAIL_USE_TLS must be 1 or 0, not '2'"),
        ("MAIL_USE_SSL", "ssl", "MAIL_USE_SSL must be 1 or 0, not 'ssl'"),
        ("ENVIRONMENT", "prod", "ENVIRONMENT must be one of production, development, test, not 'prod'"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(tmp_path, name, value, said):
    assert said in problems({**PRODUCTION, name: value}, tmp_path)


def test_every_fault_is_said_at_once(tmp_path):
    environ = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "short",
        "MAIL_PORT": "x",
        "MAIL_USE_TLS": "1",
        "MAIL_USE_SSL": "1",
        "BASE_URL": "example.org",
    }
    said = "; ".join(problems(environ, tmp_path))
    for name in ("SECRET_KEY", "MAIL_PORT", "MAIL_USE_TLS", "MAIL_USE_SSL", "BASE_URL", "MAIL_SERVER"):
        assert name in said


@pytest.mark.parametrize("url", ["devoir.exemple.test", "ftp://devoir.exemple.test", "https://", "https://devoir.exemple.test/suivi"])
def test_the_public_address_is_a_scheme_and_a_host(tmp_path, url):
    assert problems({**PRODUCTION, "BASE_URL": url}, tmp_path) == ["BASE_URL must be http(s)://host[:port], without a path"]


def test_a_last_slash_of_the_public_address_is_dropped(tmp_path):
    assert config({**PRODUCTION, "BASE_URL": "https://devoir.exemple.test:8443/"}, tmp_path).base_url == "https://devoir.exemple.test:8443"


@pytest.mark.parametrize("word", ["1", "true", "YES", "on"])
def test_a_flag_is_said_in_several_ways(tmp_path, word):
    assert config({**PRODUCTION, "MAIL_USE_TLS": word}, tmp_path).mail.use_tls
    assert not config({**PRODUCTION, "MAIL_USE_TLS": {"1": "0", "true": "false", "YES": "NO", "on": "off"}[word]}, tmp_path).mail.use_tls


# The demo.


def test_the_demo_is_no_production(tmp_path):
    assert config({"DEMO": "1"}, tmp_path).environment is Environment.DEVELOPMENT
    assert "DEMO cannot be switched on in production" in problems({**PRODUCTION, "ENVIRONMENT": "production", "DEMO": "1"}, tmp_path)


def test_the_demo_sends_nothing(tmp_path):
    assert problems({"DEMO": "1", "MAIL_SERVER": "smtp.exemple.test"}, tmp_path) == [
        "DEMO sends nothing outside: MAIL_SERVER must be empty"
    ]


@pytest.mark.parametrize("url", ["http://192.0.2.1:8000", "https://devoir.exemple.test", "http://localhost.exemple.test"])
def test_the_demo_stays_on_this_machine(tmp_path, url):
    assert problems({"DEMO": "1", "BASE_URL": url}, tmp_path) == [
        "DEMO listens on loopback only: BASE_URL must name 127.0.0.1 or localhost"
    ]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8001", "http://[::1]:8000"])
def test_the_demo_runs_on_any_loopback_name(tmp_path, url):
    assert config({"DEMO": "1", "BASE_URL": url}, tmp_path).demo


# Secrets.


def test_development_makes_its_own_secret_once_and_keeps_it_to_itself(tmp_path):
    folder = tmp_path / "new" / "instance"
    first = config({"ENVIRONMENT": "development"}, folder).secret_key
    assert len(first) >= 32
    assert config({"ENVIRONMENT": "development"}, folder).secret_key == first
    assert config({"ENVIRONMENT": "development"}, tmp_path / "other").secret_key != first
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600


def test_a_secret_that_is_given_is_the_one(tmp_path):
    assert config({"ENVIRONMENT": "development", "SECRET_KEY": SECRET}, tmp_path).secret_key == SECRET
    assert list(tmp_path.iterdir()) == []


def test_former_secrets_are_words_of_one_setting(tmp_path):
    assert config({**PRODUCTION, "SECRET_KEY_FALLBACKS": " old  older "}, tmp_path).secret_key_fallbacks == ("old", "older")


def test_what_is_printed_of_the_settings_holds_no_secret(tmp_path):
    environ = {
        **PRODUCTION,
        "SECRET_KEY_FALLBACKS": "the former secret".replace(" ", "-"),
        "DATABASE_URL": "postgresql://app:dbpass@db/devoir",
        "REDIS_URL": "redis://:redispass@cache/0",
        "MAIL_USERNAME": "app",
        "MAIL_PASSWORD": PASSWORD,
    }
    shown = repr(config(environ, tmp_path))
    assert "devoir.exemple.test" in shown
    for secret in (SECRET, "the-former-secret", "dbpass", "redispass", PASSWORD):
        assert secret not in shown


# What Flask is told.


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("postgresql://app:pw@db:5432/devoir", "postgresql+psycopg://app:pw@db:5432/devoir"),
        ("postgres://db/devoir", "postgresql+psycopg://db/devoir"),
        ("postgresql+psycopg://db/devoir", "postgresql+psycopg://db/devoir"),
        ("sqlite:////srv/devoir.db", "sqlite:////srv/devoir.db"),
    ],
)
def test_a_postgresql_address_gets_its_driver(tmp_path, url, engine):
    assert config({**PRODUCTION, "DATABASE_URL": url}, tmp_path).flask()["SQLALCHEMY_DATABASE_URI"] == engine


def test_a_connection_that_postgresql_closed_is_noticed_whatever_its_address_begins_with(tmp_path):
    for url in ("postgresql://db/devoir", "postgres://db/devoir", "postgresql+psycopg://db/devoir"):
        assert config({**PRODUCTION, "DATABASE_URL": url}, tmp_path).flask()["SQLALCHEMY_ENGINE_OPTIONS"]["pool_pre_ping"], url


def test_without_a_database_address_there_is_a_file_in_the_instance_folder(tmp_path):
    assert config(PRODUCTION, tmp_path).flask()["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'devoir-de-suite.db'}"


@pytest.mark.parametrize(("scheme", "name", "secure"), [("https", "__Host-session", True), ("http", "session", False)])
def test_the_cookie_is_bound_to_an_https_host(tmp_path, scheme, name, secure):
    flask = config({**PRODUCTION, "BASE_URL": f"{scheme}://devoir.exemple.test"}, tmp_path).flask()
    assert (flask["SESSION_COOKIE_NAME"], flask["SESSION_COOKIE_SECURE"]) == (name, secure)
    assert (flask["SESSION_COOKIE_HTTPONLY"], flask["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")


def test_production_answers_to_its_own_name_only(tmp_path):
    assert config(PRODUCTION, tmp_path).flask()["TRUSTED_HOSTS"] == ["devoir.exemple.test"]
    app = create_app(config(PRODUCTION, tmp_path))
    nowhere = "/nulle-part"  # its page needs no database
    assert app.test_client().get(nowhere, base_url="https://elsewhere.example", buffered=True).status_code == 400
    assert app.test_client().get(nowhere, base_url="https://devoir.exemple.test", buffered=True).status_code == 404


def test_the_application_starts_with_the_settings_of_its_environment(tmp_path, monkeypatch):
    for name, value in {**PRODUCTION, "INSTANCE_PATH": str(tmp_path), "SITE_NAME": "Le suivi"}.items():
        monkeypatch.setenv(name, value)
    assert create_app().config["SETTINGS"].site.name == "Le suivi"
    monkeypatch.delenv("MAIL_SERVER")
    with pytest.raises(ConfigError, match="MAIL_SERVER"):
        create_app()


# The look


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SITE_COLOUR", "teal", "SITE_COLOUR: a colour is written like #0b5759, not 'teal'"),
        ("SITE_COLOUR", "#ffcc00", "SITE_COLOUR: #ffcc00 cannot be read on light paper"),
        ("SITE_COLOUR_DARK", "#0b5759", "SITE_COLOUR_DARK: #0b5759 cannot be read on dark paper"),
        ("FOOTER_LINKS", "Plan du site", "FOOTER_LINKS must be like 'Words=https://host/path' or 'Words=/path', not 'Plan du site'"),
        ("FOOTER_LINKS", "Plan=http://exemple.fr/", "FOOTER_LINKS must be like"),
        ("FOOTER_LINKS", "Plan=//exemple.fr/", "FOOTER_LINKS must be like"),
        ("FOOTER_LINKS", "Plan=javascript:alert(1)", "FOOTER_LINKS must be like"),
        ("FOOTER_LINKS", "=/plan", "FOOTER_LINKS must be like"),
        ("DATA_LICENCE", "ODbL", "DATA_LICENCE must be like"),
    ],
)
def test_a_look_that_cannot_be_is_refused(tmp_path, name, value, words):
    (problem,) = problems({**PRODUCTION, name: value}, tmp_path)
    assert problem.startswith(words)


def test_the_look_is_read(tmp_path):
    environ = {"SITE_COLOUR": "#6A1B9A", "FOOTER_LINKS": " Plan = /plan ;Sources=https://exemple.fr/a?b=c; "}
    site = config({**PRODUCTION, **environ}, tmp_path).site
    assert (site.colour, site.colour_dark, site.logo) == ("#6a1b9a", "", "")
    assert site.footer_links == (("Plan", "/plan"), ("Sources", "https://exemple.fr/a?b=c"))


def test_open_data_have_a_licence_that_the_operator_may_change(tmp_path):
    assert config(PRODUCTION, tmp_path).site.data_licence[0] == "Licence Ouverte 2.0"
    chosen = config({**PRODUCTION, "DATA_LICENCE": "ODbL 1.0=https://opendatacommons.org/licenses/odbl/1-0/"}, tmp_path)
    assert chosen.site.data_licence == ("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/")
