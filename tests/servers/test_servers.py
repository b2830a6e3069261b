"""The servers of the tests start, answer, stop, and leave nothing behind, whatever ends the tests."""

from __future__ import annotations

import os
import signal
import smtplib
import ssl
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests.servers import need, postgresql, smtp
from tests.servers import redis as redis_server
from tests.servers.postgresql import PostgresqlServer
from tests.servers.process import HOST, Server, ServerFailed, sweep
from tests.servers.redis import RedisServer
from tests.servers.smtp import REFUSED, TRY_LATER, AfterData, Security, SmtpServer
from tests.servers.watch import alive, listening, soon

ROOT = Path(__file__).resolve().parents[2]
SERVERS = [
    pytest.param(PostgresqlServer, postgresql.available, id="postgresql"),
    pytest.param(RedisServer, redis_server.available, id="redis"),
]


@pytest.mark.parametrize(("kind", "available"), SERVERS)
def test_a_server_leaves_neither_process_nor_port_nor_folder(kind: type[Server], available):
    need(available())
    with kind() as server:
        pid, folder, port = server.pid, server.folder, server.port
        assert server.running
        assert listening(port)
    assert pid is not None
    assert folder is not None
    assert not alive(pid)
    assert not listening(port)
    assert not folder.exists()


@pytest.mark.parametrize(("kind", "available"), SERVERS)
def test_a_server_ends_with_tests_that_are_killed(kind: type[Server], available):
    need(available())
    program = (
        f"from {kind.__module__} import {kind.__name__} as Kind\nimport sys\nserver = Kind(); server.start()\n"
        "print(server.pid, server.port, server.folder, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        pid, port, folder = tests.stdout.readline().split()
        assert listening(int(port))
        tests.kill()
    assert soon(lambda: not alive(int(pid)))
    assert soon(lambda: not listening(int(port)))
    sweep(Path(folder).parent)
    assert not Path(folder).exists()


@pytest.mark.parametrize(("kind", "available"), SERVERS)
def test_a_server_that_cannot_start_shows_its_log_and_keeps_it(kind: type[Server], available, monkeypatch):
    need(available())
    real = kind.command
    monkeypatch.setattr(kind, "command", lambda self, folder: [*real(self, folder), "--no-such-setting=1"])
    server = kind()
    with pytest.raises(ServerFailed, match=r"no-such-setting|no_such_setting|Bad directive") as failure:
        server.start()
    kept = str(failure.value).partition("its folder is kept: ")[2].splitlines()[0]
    assert (Path(kept) / "log").read_text()
    assert not server.running
    subprocess.run(["rm", "-rf", kept], check=True)


def test_folders_of_killed_tests_are_swept_and_those_kept_for_their_log_are_not(tmp_path: Path):
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    names = [
        f"devoir-tests-{ended.pid}-redis-a",
        f"devoir-tests-{ended.pid}-redis-b",
        f"devoir-tests-{os.getpid()}-redis-c",
        "devoir-tests-x",
    ]
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / names[1] / "kept").touch()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_another_server_on_the_chosen_port_is_not_taken_for_ours(monkeypatch):
    need(redis_server.available())
    with RedisServer() as first:
        ports = iter([first.port])
        free_port = sys.modules["tests.servers.process"].free_port
        monkeypatch.setattr("tests.servers.process.free_port", lambda: next(ports, None) or free_port())
        with RedisServer() as second:
            assert second.port != first.port
            assert second.pid != first.pid


@pytest.fixture(scope="module")
def cluster():
    need(postgresql.available())
    with PostgresqlServer() as server:
        yield server


def test_a_database_of_its_own_speaks_utf8_and_sorts_as_sqlite_does(cluster):
    with cluster.database() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE word (name text)"))
            connection.execute(text("INSERT INTO word VALUES ('été'), ('Zèbre'), ('avoir')"))
            assert connection.scalars(text("SELECT name FROM word ORDER BY name")).all() == ["Zèbre", "avoir", "été"]
        engine.dispose()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("+psycopg", ""))


def test_a_database_can_be_copied_and_dropped_while_somebody_is_connected(cluster):
    with cluster.database() as model:
        with psycopg.connect(model.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE here (id int)")
        connection.close()
        copy = cluster.create_database(template=model.rpartition("/")[2])
        guest = psycopg.connect(cluster.url(copy).replace("+psycopg", ""), autocommit=True)
        assert guest.execute("SELECT count(*) FROM here").fetchone() == (0,)
        cluster.drop_database(copy)
        with pytest.raises(psycopg.OperationalError):
            guest.execute("SELECT 1")
        guest.close()


def test_redis_keeps_nothing_between_tests():
    need(redis_server.available())
    with RedisServer() as server, redis.Redis.from_url(server.url()) as client:
        client.set("word", "été")
        assert client.get("word") == "été".encode()
        server.flush()
        assert client.dbsize() == 0


def send(server: SmtpServer, to: str = "citoyenne@example.org", *, timeout: float = 5.0) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "site@example.org", to, "Votre texte a été publié"
    message.set_content("Bonjour,\n\nil est publié.\n")
    with smtplib.SMTP(server.host, server.port, timeout=timeout) as client:
        client.send_message(message)


def test_a_mail_arrives_as_it_was_sent():
    with SmtpServer() as server:
        send(server)
        mail = server.wait_for(1)[0]
        assert (mail.sender, mail.recipients) == ("site@example.org", ("citoyenne@example.org",))
        assert mail.message["Subject"] == "Votre texte a été publié"
        assert "il est publié" in mail.text
        assert not mail.encrypted
        server.clear()
        assert server.mails == []
    assert not listening(server.port)


def test_one_address_is_refused_and_then_accepted():
    with SmtpServer(replies={"Inconnu@example.org": REFUSED}) as server:
        send(server)
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
            send(server, "inconnu@example.org")
        server.accept("inconnu@example.org")
        send(server, "inconnu@example.org")
        assert [mail.recipients for mail in server.mails] == [("citoyenne@example.org",), ("inconnu@example.org",)]


def test_everybody_is_told_to_come_back_later():
    with SmtpServer() as server:
        server.refuse(reply=TRY_LATER)
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="451"):
            send(server)
        assert server.mails == []


def test_a_silent_server_has_the_mail_and_never_says_so():
    with SmtpServer(after_data=AfterData.SILENT) as server:
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            send(server, timeout=0.3)
        assert len(server.wait_for(1)) == 1


def test_a_server_that_hangs_up_has_the_mail_too():
    with SmtpServer(after_data=AfterData.HANG_UP) as server:
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(server)
        assert len(server.wait_for(1)) == 1


def test_nothing_listens_on_an_absent_port():
    with smtp.absent() as port, pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(HOST, port, timeout=5)


def test_starttls_shows_a_certificate_that_a_careful_sender_refuses():
    need(smtp.tls_available())
    with SmtpServer(security=Security.STARTTLS) as server:
        with pytest.raises(smtplib.SMTPSenderRefused, match="STARTTLS"):
            send(server)
        with smtplib.SMTP(server.host, server.port, timeout=5) as client, pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
            client.starttls(context=ssl.create_default_context())
        with smtplib.SMTP(server.host, server.port, timeout=5) as client:
            client.starttls(context=ssl.create_default_context(cadata=smtp.certificate().pem))
            client.sendmail("site@example.org", ["citoyenne@example.org"], b"Subject: x\r\n\r\ny")
        assert server.wait_for(1)[0].encrypted


def test_tls_from_the_first_byte_with_a_password():
    need(smtp.tls_available())
    trusting = ssl.create_default_context(cadata=smtp.certificate().pem)
    with SmtpServer(security=Security.TLS, credentials=("site", "secret")) as server:
        with smtplib.SMTP_SSL(server.host, server.port, timeout=5, context=trusting) as client:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("site", "wrong")
            with pytest.raises(smtplib.SMTPSenderRefused, match="Authentication required"):
                client.sendmail("site@example.org", ["a@example.org"], b"")
            client.login("site", "secret")
            client.sendmail("site@example.org", ["a@example.org"], b"Subject: x\r\n\r\ny")
        assert (server.wait_for(1)[0].user, server.mails[0].encrypted) == ("site", True)


def test_a_server_stops_while_a_sender_is_connected():
    server = SmtpServer(after_data=AfterData.SILENT)
    server.start()
    client = smtplib.SMTP(server.host, server.port, timeout=5)
    client.ehlo()
    server.stop()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.noop()
    client.close()
    server.stop()


def test_the_browser_shows_a_page(browser):
    page = browser.new_page()
    page.set_content("<h1>Devoir de suite</h1>")
    assert page.locator("h1").inner_text() == "Devoir de suite"
    page.close()


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_what_is_needed_is_left_out_with_its_reason_but_never_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no such program"):
        need((False, "no such program"))


def test_a_server_that_ignores_polite_signals_is_killed(monkeypatch):
    need(redis_server.available())
    server = RedisServer(stop_within=0.5)
    server.start()
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    server.stop()
    assert not alive(pid)
