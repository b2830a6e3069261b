"""People with rights at their browsers, on a site whose time the test moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyotp

from tests.e2e.conftest import Mailboxes
from tests.e2e.person import Person
from tests.e2e.site_in_time import SiteInTime


@dataclass
class Staff:
    """Each at a browser and with a telephone of their own. They sign in again each time: their sessions are over."""

    site: SiteInTime
    somebody: Callable[[], Person]
    people: dict[str, Person] = field(default_factory=dict)
    telephones: dict[str, pyotp.TOTP] = field(default_factory=dict)

    def __call__(self, email: str, path: str) -> Person:
        person = self.by_link(email, path)
        if email not in self.telephones:
            person.reads_the_title("Protéger votre compte")
            self.telephones[email] = pyotp.TOTP(person.main.locator("code").inner_text().replace(" ", ""))
            person.write("Code", self._code(email))
            person.press("Protéger mon compte")
            person.follow("J’ai noté mes codes")
        else:
            person.write("Code", self._code(email))
            person.press("Ouvrir ma session")
        assert person.path == path, "they are where they wanted to go"
        return person

    def by_link(self, email: str, path: str) -> Person:
        """Signed in by the link of a mail, as anybody without rights is."""
        person = self.people.setdefault(email, self.somebody())
        person.open(path)
        person.write("Votre adresse électronique", email)
        person.press("Recevoir un lien de connexion")
        person.open(Mailboxes.link(self.site.letter(email, "lien de connexion"), "/compte/connexion/"))
        person.press("Se connecter")
        return person

    def _code(self, email: str) -> str:
        return self.telephones[email].at(self.site.clock())
