"""What reaches a real mail server: the right headers and nothing else, intact characters, and no mail over a TLS that lies."""

from __future__ import annotations

import ssl
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest

from config import MailConfig
from feedback_app.database import db, unit_of_work
from feedback_app.mail import transport
from feedback_app.mail.transport import Connection, Envelope
from feedback_app.models import MailStatus, OutgoingMail
from tests.mail.conftest import AT
from tests.servers import need, smtp
from tests.servers.smtp import HOST, Security, SmtpServer, absent, certificate

HEADERS = ["Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"]


def envelope(**changes):
    values = {
        "message_id": "<abc@localhost>",
        "recipient": "claire@example.org",
        "subject": "Sujet",
        "text": "Texte\n",
        "html": "<p>Texte</p>",
    }
    return Envelope(**{**values, "date": AT, **changes})


@pytest.fixture
def send(plain_app, context, server):
    """Sends one mail and returns it as it arrived."""

    def run(**changes):
        with Connection() as connection:
            connection.deliver(envelope(**changes))
        return server.mails[-1]

    return run


class TestOneMail:
    @pytest.fixture
    def app(self, plain_app):
        """No database is needed here."""
        return plain_app

    def test_carries_these_headers_and_no_other(self, send):
        message = send().message
        assert message.keys() == HEADERS
        assert (message["Message-ID"], message["Auto-Submitted"], message["To"]) == (
            "<abc@localhost>",
            "auto-generated",
            "claire@example.org",
        )
        assert message["From"] == "Devoir de suite <ne-pas-repondre@suite.example>"
        assert parsedate_to_datetime(message["Date"]) == AT

    def test_holds_the_text_first_and_the_html_beside_it(self, send):
        arrived = send(text="Le texte.\n", html="<p>Le texte.</p>")
        parts = [part.get_content_type() for part in arrived.message.walk()]
        assert parts == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]
        assert arrived.text == "Le texte.\r\n"
        assert arrived.message.get_body(("html",)).get_content() == "<p>Le texte.</p>"
        assert arrived.sender == "ne-pas-repondre@suite.example"

    def test_keeps_every_character(self, send):
        words = "Été à Nîmes, œuvre – 日本 👩‍👩‍👧 « x » = 100 %\nFrom ici\n.\n..\n"
        arrived = send(subject="Réponse ✅ à « l’été »", text=words, html=f"<p>{words}</p>")
        assert arrived.message["Subject"] == "Réponse ✅ à « l’été »"
        assert arrived.text.replace("\r\n", "\n") == words

    def test_has_no_line_too_long_for_a_server_nor_outside_ascii(self, send):
        arrived = send(text="é" * 5_000 + "\n", html="<p>" + "x" * 5_000 + "</p>", subject="été " * 100)
        assert arrived.raw.isascii()
        assert max(len(line) for line in arrived.raw.split(b"\r\n")) <= 78
        assert arrived.message["Subject"] == ("été " * 100).strip()

    def test_shows_a_subject_that_looks_encoded_as_it_is(self, send):
        assert send(subject="=?utf-8?q?Bonjour=0D=0ABcc=3A?=").message["Subject"] == "=?utf-8?q?Bonjour=0D=0ABcc=3A?="

    @pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\r\n ", "\x00"])
    def test_gets_no_header_from_a_subject(self, send, server, line_break):
        arrived = send(subject=f"Bonjour{line_break}Bcc: victim@example.org{line_break}{line_break}Corps")
        assert arrived.message.keys() == HEADERS
        assert arrived.message["Subject"] == "Bonjour Bcc: victim@example.org Corps"
        assert arrived.recipients == ("claire@example.org",)

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Site\r\nBcc: victim@example.org", "Site Bcc victim example.org"),
            ("Été\nBcc: victim@example.org", "Été Bcc victim example.org"),
            ('Le "Site", <victim@example.org>', "Le Site victim example.org"),
            ("Été <victim@example.org>,", "Été victim example.org"),
            ("Devoir de suite ✅", "Devoir de suite ✅"),
        ],
    )
    def test_gets_no_header_or_sender_from_the_name_of_the_site(self, send, settings, app, name, shown):
        settings(site=replace(app.config["SETTINGS"].site, name=name))
        arrived = send()
        assert arrived.message.keys() == HEADERS
        [sender] = arrived.message["From"].addresses
        assert (sender.addr_spec, sender.display_name) == ("ne-pas-repondre@suite.example", shown)

    def test_is_not_folded_again_into_a_second_sender(self, context):
        """Python 3.11 decodes an encoded name, folds it and forgets its quotes."""
        name = "Été <victim@example.org>, et la suite"
        message = transport.Message(subject="S", recipients=["a@example.org"], body="x", sender=(name, "suite@example.org"))
        message.sender = (name, "suite@example.org")
        assert b"victim@example.org" not in message.as_bytes()

    @pytest.mark.parametrize(
        "recipient",
        [
            "a@example.org\r\nBcc: victim@example.org",
            "a@example.org, victim@example.org",
            "victim@example.org> <a@example.org",
            "Nom <a@example.org>",
            "é@example.org",
            '"a b"@example.org',
            "a b@example.org",
            "sans-arobase",
            "@example.org",
            "a@",
            "a@xn--\udcff.org",
            "",
        ],
    )
    def test_goes_to_no_address_that_is_not_exactly_one(self, context, server, recipient):
        with Connection() as connection, pytest.raises(transport.RecipientRefused):
            connection.deliver(envelope(recipient=recipient))
        assert server.mails == []

    @pytest.mark.parametrize(
        ("written", "reached"),
        [
            ("claire@exämple.fr", "claire@xn--exmple-cua.fr"),
            ("jean@straße.example", "jean@xn--strae-oqa.example"),
            ("o'neil+x@example.org",) * 2,
        ],
    )
    def test_reaches_an_international_domain(self, send, written, reached):
        arrived = send(recipient=written)
        assert arrived.recipients == (reached,)
        assert arrived.message["To"] == reached


class TestServers:
    @pytest.fixture
    def app(self, plain_app):
        """No database is needed here."""
        return plain_app

    def refused(self) -> str:
        with Connection() as connection, pytest.raises(transport.ServerUnreachable) as error:
            connection.deliver(envelope())
        return str(error.value)

    def test_several_mails_share_one_conversation_and_a_refusal_does_not_end_it(self, context, server, monkeypatch):
        opened = []
        open_ = Connection.configure_host
        monkeypatch.setattr(Connection, "configure_host", lambda self: opened.append(1) or open_(self))
        server.refuse("gone@example.org")
        with Connection() as connection:
            connection.deliver(envelope())
            with pytest.raises(transport.RecipientRefused):
                connection.deliver(envelope(recipient="gone@example.org"))
            connection.deliver(envelope())
        assert (len(server.mails), len(opened)) == (2, 1)

    @pytest.mark.parametrize(("security", "option"), [(Security.STARTTLS, "use_tls"), (Security.TLS, "use_ssl")])
    def test_a_certificate_nobody_vouches_for_is_refused(self, context, mail_to, security, option):
        need(smtp.tls_available())
        with SmtpServer(security=security) as server:
            mail_to(server, **{option: True})
            assert "CERTIFICATE_VERIFY_FAILED" in self.refused()
            assert server.mails == []

    @pytest.mark.parametrize(("security", "option"), [(Security.STARTTLS, "use_tls"), (Security.TLS, "use_ssl")])
    def test_a_certificate_that_is_vouched_for_is_taken_and_the_mail_travels_encrypted(
        self, context, mail_to, monkeypatch, security, option
    ):
        need(smtp.tls_available())
        trusting = ssl.create_default_context(cadata=certificate().pem)
        monkeypatch.setattr(transport, "tls_context", lambda: trusting)
        with SmtpServer(security=security) as server:
            mail_to(server, **{option: True})
            with Connection() as connection:
                connection.deliver(envelope())
            assert [mail.encrypted for mail in server.mails] == [True]

    def test_a_certificate_for_another_host_is_refused(self, context, settings, monkeypatch):
        need(smtp.tls_available())
        trusting = ssl.create_default_context(cadata=certificate().pem)
        monkeypatch.setattr(transport, "tls_context", lambda: trusting)
        with SmtpServer(security=Security.TLS) as server:
            # 127.0.0.2 is this machine too, and the certificate does not name it.
            settings(mail=MailConfig(server="127.0.0.2", port=server.port, use_ssl=True, timeout=5.0))
            refusal = self.refused()
        assert "CERTIFICATE_VERIFY_FAILED" in refusal or "ConnectionRefusedError" in refusal

    def test_a_server_without_the_tls_we_want_gets_nothing(self, context, server, mail_to):
        mail_to(server, use_tls=True)
        assert "SMTPNotSupportedError" in self.refused()
        assert server.mails == []

    def test_a_password_opens_the_door_and_a_wrong_one_does_not(self, context, mail_to):
        with SmtpServer(credentials=("suite", "secret")) as server:
            mail_to(server, username="suite", password="wrong")
            refusal = self.refused()
            assert refusal.startswith("535")
            assert "wrong" not in refusal
            mail_to(server, username="suite", password="secret")
            with Connection() as connection:
                connection.deliver(envelope())
            assert [mail.user for mail in server.mails] == ["suite"]

    def test_an_absent_server_is_said_in_a_few_words(self, context, mail_to):
        with absent() as port:
            mail_to(port)
            assert self.refused().startswith("ConnectionRefusedError")

    def test_a_host_that_does_not_exist_is_said_in_a_few_words(self, context, settings):
        settings(mail=MailConfig(server="mail.invalid", port=25, timeout=2.0))
        assert "gaierror" in self.refused() or "TimeoutError" in self.refused()

    def test_what_a_server_replies_is_kept_short_and_without_addresses(self, context, server):
        server.refuse(reply="451 4.7.1 <claire@example.org>: Recipient address rejected: " + "Greylisted " * 40)
        with Connection() as connection, pytest.raises(transport.RefusedForNow) as error:
            connection.deliver(envelope())
        assert str(error.value).startswith("451 4.7.1 <(address)>: Recipient address rejected: Greylisted")
        assert len(str(error.value)) == 200


def test_a_row_that_slipped_past_every_check_still_adds_no_header(context, server, deliver, rows):
    """End to end, with rows that no service would write."""
    common = {"text": "x", "html": "<p>x</p>", "language": "fr", "status": MailStatus.WAITING, "created_at": AT, "due_at": AT}
    with unit_of_work():
        db.session.add(
            OutgoingMail(key="s", message_id="<s@localhost>", recipient="a@example.org", subject="S\r\nBcc: v@example.org", **common)
        )
        db.session.add(
            OutgoingMail(key="r", message_id="<r@localhost>", recipient="a@example.org\r\nBcc: v@example.org", subject="R", **common)
        )
    report = deliver()
    assert (report.sent, report.failed) == (1, 1)
    [arrived] = server.mails
    assert arrived.message.keys() == HEADERS
    assert arrived.recipients == ("a@example.org",)
    assert server.host == HOST
    assert rows()["r"].status is MailStatus.FAILED
