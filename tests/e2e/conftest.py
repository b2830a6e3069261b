"""A running site, its mail server, and people at real browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Browser

from tests.e2e.inspection import Inspector, Watch
from tests.e2e.person import Person
from tests.e2e.plan import PlanOnPaper
from tests.servers import browser as chromium
from tests.servers import need
from tests.servers.site import RunningSite, plan_file
from tests.servers.smtp import Mail, SmtpServer

MAIL_WITHIN = 60.0
MODERATOR = "moderation@exemple.test"


class Mailboxes:
    """Everybody's mail, as it arrives over SMTP. Each mail is read once."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._read: set[int] = set()

    def next_to(self, address: str) -> Mail:
        """The oldest unread mail to this address; waits for it."""
        while True:
            mails = self._server.mails
            for number, mail in enumerate(mails):
                if number not in self._read and mail.recipients == (address,):
                    self._read.add(number)
                    return mail
            self._server.wait_for(len(mails) + 1, timeout=MAIL_WITHIN)

    @staticmethod
    def link(mail: Mail, start: str) -> str:
        """The only link of a mail whose path starts so."""
        (found,) = {line for line in mail.text.split() if re.match(rf"https?://[^/]+{re.escape(start)}", line)}
        return found


@pytest.fixture(scope="module")
def mail_server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mail_server: SmtpServer) -> Iterator[RunningSite]:
    """The whole site with the plan in it and one moderator, as an operator would set it up: by our commands."""
    need(chromium.available())
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{folder / 'site.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        url = server.url(server.create_database())
    site = RunningSite(folder, url, MAIL_SERVER=mail_server.host, MAIL_PORT=str(mail_server.port), MAIL_SENDER="site@exemple.test")
    site.flask("plan", "import", str(plan_file()))
    site.flask("accounts", "create", MODERATOR, "--name", "Ada Modératrice", "--role", "moderator")
    with site:
        site.jobs.start()
        yield site


@pytest.fixture(scope="module")
def mailboxes(mail_server: SmtpServer, site: RunningSite) -> Mailboxes:
    mail_server.clear()  # what the site on the other database sent
    return Mailboxes(mail_server)


@pytest.fixture(scope="module")
def plan() -> PlanOnPaper:
    return PlanOnPaper.read(plan_file())


@pytest.fixture(scope="module")
def watch(site: RunningSite) -> Watch:
    return Watch(site.address)


@pytest.fixture(scope="session")
def inspected_pages() -> set[str]:
    """The pages that were inspected in this run: on the second database they are the same."""
    return set()


@pytest.fixture(scope="module")
def inspector(browser: Browser, watch: Watch, inspected_pages: set[str]) -> Iterator[Inspector]:
    inspector = Inspector(browser, watch, inspected_pages)
    yield inspector
    inspector.close()


@pytest.fixture(scope="module")
def somebody(browser: Browser, site: RunningSite, watch: Watch, inspector: Inspector) -> Iterator[Callable[[], Person]]:
    """``somebody()``: a person at a browser of their own, with scripts off."""
    contexts = []

    def sit_down() -> Person:
        context = watch.over(browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 1280, "height": 900}))
        contexts.append(context)
        return Person(context, site.address, inspector.look)

    yield sit_down
    for context in contexts:
        context.close()


@pytest.fixture
def citizen(somebody: Callable[[], Person]) -> Person:
    return somebody()


@pytest.fixture(scope="module")
def moderator(somebody: Callable[[], Person], mailboxes: Mailboxes) -> Person:
    """The moderator, signed in through the form and the link of the mail, with a telephone tied to the account at this first time."""
    person = somebody()
    person.open("/moderation/")
    person.write("Votre adresse électronique", MODERATOR)
    person.press("Recevoir un lien de connexion")
    person.open(mailboxes.link(mailboxes.next_to(MODERATOR), "/compte/connexion/"))
    person.press("Se connecter")
    person.reads_the_title("Protéger votre compte")
    person.write("Code", pyotp.TOTP(person.main.locator("code").inner_text().replace(" ", "")).now())
    person.press("Protéger mon compte")
    person.follow("J’ai noté mes codes")
    return person


@pytest.fixture(autouse=True)
def nothing_to_complain_about(request: pytest.FixtureRequest, site: RunningSite, watch: Watch, inspector: Inspector) -> Iterator[None]:
    """After each test: every page it showed is accessible and stays in its place, nothing left the origin, no process complained."""
    yield
    problems = [*inspector.problems, *watch.problems, *site.errors()]
    inspector.problems.clear()
    watch.problems.clear()
    assert problems == [], "\n".join(problems)
