"""Settings, read once from the environment. Each one is described in ``docs/settings.md`` (a test keeps that true)."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

N = TypeVar("N", int, float)
E = TypeVar("E", bound=StrEnum)


class ConfigError(Exception):
    """The application cannot start with these settings. The message names every setting at fault."""


class Environment(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


@dataclass(frozen=True)
class MailConfig:
    """Where mails leave to. Without a server, nothing leaves: mails wait in the outbox (production refuses to start so)."""

    server: str = ""
    port: int = 25
    username: str = ""
    password: str = field(default="", repr=False)
    use_tls: bool = False
    use_ssl: bool = False
    sender: str = "ne-pas-repondre@localhost"
    timeout: float = 10.0


class Compliance(StrEnum):
    """What the operator's accessibility statement comes to (RGAA). Without an audit the law knows only the first."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


@dataclass(frozen=True)
class LimitConfig:
    """How many forms may be sent: by one account, from one network without an account, with one e-mail address. "0": no limit."""

    account: str = "300 per hour"
    address: str = "120 per hour"
    email: str = "10 per hour"

    def problems(self) -> list[str]:
        return [
            f"RATE_LIMIT_{name.upper()} must be like '120 per hour' or 0, not {value!r}"
            for name, value in vars(self).items()
            if value != "0" and not re.fullmatch(r"[1-9][0-9]{0,6} per (second|minute|hour|day)", value)
        ]


@dataclass(frozen=True)
class SiteConfig:
    """Who runs this site: shown on its pages and in its mails."""

    name: str = "Devoir de suite"
    tagline: str = "Ce qui a été promis, ce qui a été fait, et ce que l’administration vous répond"
    operator: str = "Administration à renseigner"
    contact_email: str = "contact@example.org"
    publication_director: str = "Responsable à renseigner"
    host_name: str = "Hébergeur à renseigner"
    legal_path: str = ""
    accessibility: Compliance = Compliance.NONE
    logo: str = ""
    colour: str = ""
    colour_dark: str = ""
    footer_links: tuple[tuple[str, str], ...] = ()
    data_licence: tuple[str, str] = ("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/")


@dataclass(frozen=True)
class PeriodsConfig:
    """How long personal data live, and the delays that people are told: the page on personal data states them, the purge keeps them."""

    unconfirmed_days: int = 7
    sent_mail_days: int = 30
    access_log_months: int = 12
    unused_account_months: int = 24
    unused_warning_days: int = 30
    export_hours: int = 24
    erasure_hours: int = 24


@dataclass(frozen=True)
class Config:
    environment: Environment
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    base_url: str
    instance_path: Path
    demo: bool
    trusted_proxies: int
    page_cache_mb: int
    metrics_token: str = field(repr=False)
    form_min_seconds: float
    form_max_hours: float
    limits: LimitConfig
    mail: MailConfig
    site: SiteConfig
    periods: PeriodsConfig

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """The settings of this process. Raises ``ConfigError`` naming each missing or contradictory one."""
        reader = _Reader(os.environ if environ is None else environ)
        demo = reader.flag("DEMO")
        environment = reader.choice("ENVIRONMENT", Environment, Environment.DEVELOPMENT if demo else Environment.PRODUCTION)
        instance_path = Path(reader.text("INSTANCE_PATH", str(ROOT / "instance"))).resolve()
        config = cls(
            environment=environment,
            secret_key=reader.text("SECRET_KEY", ""),
            secret_key_fallbacks=tuple(reader.text("SECRET_KEY_FALLBACKS", "").split()),
            database_url=reader.text("DATABASE_URL", f"sqlite:///{instance_path / 'devoir-de-suite.db'}"),
            redis_url=reader.text("REDIS_URL", ""),
            base_url=reader.text("BASE_URL", "" if environment is Environment.PRODUCTION else "http://127.0.0.1:8000").rstrip("/"),
            instance_path=instance_path,
            demo=demo,
            trusted_proxies=reader.number("TRUSTED_PROXIES", 0, int),
            page_cache_mb=reader.number("PAGE_CACHE_MB", 16, int),
            metrics_token=reader.text("METRICS_TOKEN", ""),
            form_min_seconds=reader.number("FORM_MIN_SECONDS", 3.0, float),
            form_max_hours=reader.number("FORM_MAX_HOURS", 24.0, float),
            limits=LimitConfig(
                account=reader.text("RATE_LIMIT_ACCOUNT", LimitConfig.account),
                address=reader.text("RATE_LIMIT_ADDRESS", LimitConfig.address),
                email=reader.text("RATE_LIMIT_EMAIL", LimitConfig.email),
            ),
            mail=reader.mail(),
            site=reader.site(),
            periods=reader.periods(),
        )
        problems = reader.problems + config._problems()
        if problems:
            raise ConfigError("; ".join(problems))
        return config if config.secret_key else config._with_local_secret()

    def _problems(self) -> list[str]:
        problems = self.limits.problems()
        if self.base_url and not _is_origin(self.base_url):
            problems.append("BASE_URL must be http(s)://host[:port], without a path")
        if self.secret_key and len(self.secret_key) < 32:
            problems.append("SECRET_KEY must have at least 32 characters")
        if self.metrics_token and len(self.metrics_token) < 16:
            problems.append("METRICS_TOKEN must have at least 16 characters")
        if self.mail.use_tls and self.mail.use_ssl:
            problems.append("MAIL_USE_TLS and MAIL_USE_SSL exclude each other")
        for name, value, least in (
            ("MAIL_TIMEOUT", self.mail.timeout, 0.1),
            ("FORM_MIN_SECONDS", self.form_min_seconds, 0),
            ("FORM_MAX_HOURS", self.form_max_hours, 0.1),
            ("TRUSTED_PROXIES", self.trusted_proxies, 0),
            ("PAGE_CACHE_MB", self.page_cache_mb, 0),
        ):
            if not least <= value < 1_000_000:  # "nan" too is refused here
                problems.append(f"{name} must be a number from {least} on, not {value}")
        if self.environment is Environment.PRODUCTION:
            for name, required in self._required_in_production().items():
                if not required:
                    problems.append(f"{name} is required in production")
        return problems + (self._demo_problems() if self.demo else [])

    def _required_in_production(self) -> dict[str, str]:
        return {
            "SECRET_KEY": self.secret_key,
            "BASE_URL": self.base_url,
            "MAIL_SERVER": self.mail.server,
            "MAIL_SENDER": "" if self.mail.sender == MailConfig.sender else self.mail.sender,
        }

    def _demo_problems(self) -> list[str]:
        problems = []
        if self.environment is Environment.PRODUCTION:
            problems.append("DEMO cannot be switched on in production")
        if self.mail.server:
            problems.append("DEMO sends nothing outside: MAIL_SERVER must be empty")
        if not _is_origin(self.base_url) or urlsplit(self.base_url).hostname not in LOOPBACK:
            problems.append("DEMO listens on loopback only: BASE_URL must name 127.0.0.1 or localhost")
        return problems

    def _with_local_secret(self) -> Config:
        """Development and demo make their own secret once and keep it beside their database."""
        path = self.instance_path / "secret-key"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return Config(**{**values, "secret_key": path.read_text(encoding="ascii")})

    @property
    def secure(self) -> bool:
        """Whether the public address is https: cookies are then Secure and host-bound."""
        return self.base_url.startswith("https://")

    @property
    def follows_files(self) -> bool:
        """Whether somebody is changing templates and styles, and wants to see it on the next page."""
        return self.environment is Environment.DEVELOPMENT and not self.demo

    def flask(self) -> dict[str, Any]:
        """The same settings under the names that Flask and its extensions read."""
        host = urlsplit(self.base_url).hostname or ""
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SETTINGS": self,
            "BASE_URL": self.base_url,
            "TESTING": self.environment is Environment.TEST,
            "TRUSTED_HOSTS": [host] if self.environment is Environment.PRODUCTION else [host, "127.0.0.1", "localhost"],
            "SQLALCHEMY_DATABASE_URI": _with_driver(self.database_url),
            # Parameters hold what people wrote and their addresses: an error that is logged must not.
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "pool_pre_ping": self.database_url.startswith("postgres")},
            "SESSION_COOKIE_NAME": "__Host-session" if self.secure else "session",
            "SESSION_COOKIE_SECURE": self.secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_REFRESH_EACH_REQUEST": False,
            "MAX_CONTENT_LENGTH": 256 * 1024,
            "MAX_FORM_MEMORY_SIZE": 256 * 1024,
            "MAX_FORM_PARTS": 200,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
            "WTF_CSRF_CHECK_DEFAULT": False,
            "MAIL_SERVER": self.mail.server,
            "MAIL_PORT": self.mail.port,
            "MAIL_USERNAME": self.mail.username or None,
            "MAIL_PASSWORD": self.mail.password or None,
            "MAIL_USE_TLS": self.mail.use_tls,
            "MAIL_USE_SSL": self.mail.use_ssl,
            "MAIL_DEFAULT_SENDER": self.mail.sender,
            "MAIL_SUPPRESS_SEND": False,
            "BABEL_DEFAULT_LOCALE": "fr",
            "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "feedback_app" / "translations"),
        }


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.path or parts.query or parts.fragment)


def _with_driver(url: str) -> str:
    """SQLAlchemy wants the driver written out; an operator's usual ``postgres://`` address need not have it."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


class _Reader:
    """Reads typed values and remembers what was wrong, so that an operator sees every fault at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name, "").lower()
        if value in {"", "0", "false", "no", "off"}:
            return default if value == "" else False
        if value not in {"1", "true", "yes", "on"}:
            self.problems.append(f"{name} must be 1 or 0, not {value!r}")
        return True

    def number(self, name: str, default: N, kind: type[N]) -> N:
        value = self.text(name, str(default))
        try:
            return kind(value)
        except ValueError:
            self.problems.append(f"{name} must be a number, not {value!r}")
            return default

    def choice(self, name: str, choices: type[E], default: E) -> E:
        value = self.text(name, default.value)
        try:
            return choices(value)
        except ValueError:
            self.problems.append(f"{name} must be one of {', '.join(choices)}, not {value!r}")
            return default

    def mail(self) -> MailConfig:
        return MailConfig(
            server=self.text("MAIL_SERVER", ""),
            port=self.number("MAIL_PORT", 25, int),
            username=self.text("MAIL_USERNAME", ""),
            password=self.text("MAIL_PASSWORD", ""),
            use_tls=self.flag("MAIL_USE_TLS"),
            use_ssl=self.flag("MAIL_USE_SSL"),
            sender=self.text("MAIL_SENDER", MailConfig.sender),
            timeout=self.number("MAIL_TIMEOUT", MailConfig.timeout, float),
        )

    def site(self) -> SiteConfig:
        return SiteConfig(
            name=self.text("SITE_NAME", SiteConfig.name),
            tagline=self.text("SITE_TAGLINE", SiteConfig.tagline),
            operator=self.text("OPERATOR_NAME", SiteConfig.operator),
            contact_email=self.text("CONTACT_EMAIL", SiteConfig.contact_email),
            publication_director=self.text("PUBLICATION_DIRECTOR", SiteConfig.publication_director),
            host_name=self.text("HOST_NAME", SiteConfig.host_name),
            legal_path=self.text("LEGAL_PATH", ""),
            accessibility=self.accessibility(),
            logo=self.text("SITE_LOGO", ""),
            colour=self.colour("SITE_COLOUR"),
            colour_dark=self.colour("SITE_COLOUR_DARK", dark=True),
            footer_links=self.links("FOOTER_LINKS"),
            data_licence=(*self.links("DATA_LICENCE"), SiteConfig.data_licence)[0],
        )

    def periods(self) -> PeriodsConfig:
        """Whole numbers, at least 1: a period of nothing would erase what has just been written."""
        defaults = PeriodsConfig()
        names = {
            "unconfirmed_days": "KEEP_UNCONFIRMED_DAYS",
            "sent_mail_days": "KEEP_SENT_MAIL_DAYS",
            "access_log_months": "KEEP_ACCESS_LOG_MONTHS",
            "unused_account_months": "KEEP_UNUSED_ACCOUNT_MONTHS",
            "unused_warning_days": "UNUSED_ACCOUNT_WARNING_DAYS",
            "export_hours": "EXPORT_HOURS",
            "erasure_hours": "ERASURE_GRACE_HOURS",
        }
        values = {field_name: self.number(name, getattr(defaults, field_name), int) for field_name, name in names.items()}
        wrong = [names[field_name] for field_name, value in values.items() if not 1 <= value < 10_000]
        self.problems += [f"{name} must be a whole number from 1 on" for name in wrong]
        return PeriodsConfig(**values)

    def accessibility(self) -> Compliance:
        """Better than "none" only beside a statement of the operator's own: ours says that there was no audit."""
        said, folder = self.choice("ACCESSIBILITY", Compliance, Compliance.NONE), self.text("LEGAL_PATH", "")
        if said is not Compliance.NONE and not (folder and (Path(folder) / "accessibilite.md").is_file()):
            self.problems.append(f"ACCESSIBILITY={said.value} needs the operator's statement, accessibilite.md in LEGAL_PATH")
        return said

    def colour(self, name: str, *, dark: bool = False) -> str:
        """An accent that can be read on the skin's paper, as ``#rrggbb``."""
        value = self.text(name, "").lower()
        if not value:
            return ""
        from feedback_app.domain import colours  # not at the top: the package itself reads this module

        try:
            colours.check(value, dark=dark)
        except colours.ColourRefused as refusal:
            self.problems.append(f"{name}: {refusal}")
        return value

    def links(self, name: str) -> tuple[tuple[str, str], ...]:
        """``Words=address; Words=address``, where an address is https or a path of this site."""
        if not self.text(name, ""):
            return ()
        from feedback_app.domain.links import is_official_href

        found = []
        for entry in filter(None, map(str.strip, self.text(name, "").split(";"))):
            words, _equals, address = (part.strip() for part in entry.partition("="))
            if not words or not address.startswith(("https://", "/")) or not is_official_href(address):
                self.problems.append(f"{name} must be like 'Words=https://host/path' or 'Words=/path', not {entry!r}")
            found.append((words, address))
        return tuple(found)
