"""Our own site, ready to be measured: filled, with sessions open, forms that can be sent, and the addresses of the scenarios."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote_plus

import flask_migrate

from benchmarks.growth import signed_in
from benchmarks.volume import Filling, Size, now, people
from config import Config
from feedback_app import create_app
from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus, Outcome
from feedback_app.models import Account, CitizenRequest
from feedback_app.services import sign_in
from feedback_app.services.cases import answers
from feedback_app.web.form_key import new_form_key
from tests.barometers import edition_file, indicator
from tests.factories import Make

SIZE = Size(requests=10_000, comments=10_000, waiting=1_000)
INDICATORS, VALUES, ANSWERS = 106, 40, 6  # an answer is three entries of its case: written, proposed, published
RUNS, KEYS_A_RUN = 3, 5_000  # wrk runs three times in one measurement: to warm up, alone, eight at a time
BODY = "Merci de préciser le calendrier de cet engagement pour mon département."
THREAD = "/engagements/volume/1"
STILL_THE_SAME = "*"  # whatever its mark: the page is there
ANSWER = "Réponse du ministère : la méthode de calcul a **changé** en 2024, les deux séries sont publiées."


@dataclass(frozen=True)
class Scenario:
    """One page: its name, its address, the Lua file that carries a cookie or a form, and the cookie."""

    name: str
    path: str
    lua: Path | None = None
    cookie: str = ""


class OurSite:
    """A filled site. ``environ``: what the served application needs; ``scenarios``: what is asked of it, ``kept``: with kept pages."""

    def __init__(self, folder: Path, database_url: str, port: int, size: Size = SIZE) -> None:
        self.folder = folder
        self.environ = {
            "ENVIRONMENT": "production",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "INSTANCE_PATH": str(folder),
            "DATABASE_URL": database_url,
            "BASE_URL": f"http://127.0.0.1:{port}",
            "MAIL_SERVER": "127.0.0.1",  # nothing leaves: the job process does not run
            "MAIL_SENDER": "mesures@exemple.test",
            "FORM_MIN_SECONDS": "0",
            # Raised, not removed: each form is counted.
            **{f"RATE_LIMIT_{whose}": "1000000 per hour" for whose in ("ACCOUNT", "ADDRESS", "EMAIL")},
        }
        self.app = create_app(Config.from_env({**self.environ, "ENVIRONMENT": "development", "BASE_URL": "http://localhost"}))
        with self.app.app_context():
            flask_migrate.upgrade()
        self.people, self.make = people(self.app), Make(self.app, now)
        self._fill(size)
        self.scenarios = list(self._scenarios(self._case()))
        self.kept = list(self._kept())
        with self.app.app_context():
            db.engine.dispose()

    def _fill(self, size: Size) -> None:
        Filling(self.app, self.people, lambda words: print(f"\r{words}          ", end="", flush=True)).fill(size)
        print("\r", end="")
        self._barometer()

    def _scenarios(self, case: CitizenRequest) -> Iterator[Scenario]:
        contact, moderator = self._cookie(self.people.contact), self._cookie(self.people.moderator)
        desk = f"/ministere/?ministere={self.people.ministry.slug}&onglet=a-prendre&nature=data_question"
        yield Scenario("thread100", THREAD)
        yield Scenario("queue", desk, *contact)
        yield Scenario("request20", f"/ministere/dossiers/{case.reference}", *contact)
        yield Scenario("request20_public", f"/demandes/{case.reference}")
        yield Scenario("modqueue", "/moderation/", *moderator)
        yield Scenario("indicator", "/barometre/mesure/indicateurs/IND-001")
        yield Scenario("territory", "/barometre/mesure/territoires/FRANCE")
        yield Scenario("post", f"/commenter?sujet={self.people.topics[1].key}", self._posts(self.people.topics[1].key))

    def _kept(self) -> Iterator[Scenario]:
        """The page that is kept whole: sent again, and only said to be the same still."""
        yield Scenario("thread100_cached", THREAD)
        yield Scenario("thread100_304", THREAD, self._lua("same", f'wrk.headers["If-None-Match"] = "{STILL_THE_SAME}"\n'))

    def _case(self) -> CitizenRequest:
        """A request whose history has twenty entries and a little more: beginning, taking, and six published answers."""
        contact, validator = self.people.contact, self.people.validator
        topic = self.people.topics[0]
        case = self.make.request(topic=topic, status=CaseStatus.ASSIGNED, contact=contact, validator=validator)
        for _number in range(ANSWERS):
            with self.app.app_context(), unit_of_work():
                by = [sign_in.actor_of(db.session.get_one(Account, one.id)) for one in (contact, validator)]
                live = db.session.get_one(CitizenRequest, case.id)
                answer = answers.propose(live, answers.Wording(ANSWER, Outcome.FULL), actor=by[0], seen_wording=0, at=now())
                answers.publish(answer, actor=by[1], seen_wording=1, at=now())
        return case

    def _barometer(self) -> None:
        """An edition of 106 indicators for France, the first with forty values and a target."""
        days = [date(2016 + quarter // 4, 3 * (quarter % 4) + 1, 28).isoformat() for quarter in range(VALUES)]
        values = {code: days if code == "IND-001" else days[-1:] for code in (f"IND-{n:03}" for n in range(1, INDICATORS + 1))}
        rows = [
            indicator(
                code,
                {"FRANCE": {day: f"{place + 1}.5" for place, day in enumerate(dated)}},
                rates={"FRANCE": {dated[-1]: "61"}},
                targets={"FRANCE": {"2026-12-31": "80"}},
                baselines={"FRANCE": {"2015-12-28": "0.5"}},
                name=f"Part des démarches accessibles en ligne, groupe {code}",
                unit="%",
            )
            for code, dated in values.items()
        ]
        self.make.edition(edition_file(*rows), barometer=self.make.barometer("mesure"))

    def _cookie(self, account: Account) -> tuple[Path, str]:
        """The cookie of somebody signed in, as a browser holds it once it has opened a page with a form."""
        browser = signed_in(self.app, account)
        browser.get("/ministere/" if account.id == self.people.contact.id else "/moderation/")
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = browser.get_cookie(name)
        assert cookie is not None
        value = f"{name}={cookie.value}"
        return self._lua(f"account{account.id}", f'wrk.headers["Cookie"] = "{value}"\n'), value

    def _posts(self, topic_key: str) -> Path:
        """Comments to be sent: each with a form key and an address of its own, none sent twice."""
        with self.app.app_context():
            keys = [new_form_key(f"comment:{topic_key}", at=now()) for _number in range(RUNS * KEYS_A_RUN)]
        listed = self.folder / "form-keys.txt"
        listed.write_text("".join(f"{quote_plus(key)}\n" for key in keys))
        body = f"&website=&body={quote_plus(BODY)}&public_name=Jeanne+D.&email=citoyenne"
        return self._lua(
            "post",
            f"""
local keys, place = {{}}, 0
for key in io.lines("{listed}") do keys[#keys + 1] = key end
function init(arguments)  -- each run goes on where the keys of the one before it end
  local file = io.open("{listed}.place", "r")
  if file then place = tonumber(file:read("*a")); file:close() end
  file = io.open("{listed}.place", "w"); file:write(place + {KEYS_A_RUN}); file:close()
end
local headers = {{["Content-Type"] = "application/x-www-form-urlencoded"}}
function request()
  place = place + 1
  return wrk.format("POST", nil, headers, "key=" .. keys[place] .. "{body}" .. place .. "%40exemple.test")
end
""",
        )

    def _lua(self, name: str, content: str) -> Path:
        path = self.folder / f"{name}.lua"
        path.write_text(content)
        return path
