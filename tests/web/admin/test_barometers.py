"""An administrator sends an edition, reads what is odd about it, publishes it, takes it back, and says which ministry answers."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from feedback_app import jobs
from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus, Refusal, UploadStatus
from feedback_app.domain.policy import Role
from feedback_app.domain.trace import EventVerb
from feedback_app.importers.problems import ImportRefused, Problem
from feedback_app.models import CaseEvent, Edition, EditionUpload, EditionUploadPiece, FigureRevision, Observation
from feedback_app.services import edition_uploads
from tests.barometers import after_revision, before_revision
from tests.edition_files import DATA, archive, by_indicator, by_synthesis, changed

HOME = "/admin/barometre/essai/"
SEND = f"{HOME}envoi"


def send(browser: Any, content: bytes, on: str = "2026-01-31", **more: Any) -> Any:
    form = browser.get_page(SEND).form()
    return browser.post(SEND, data={**form, "on": on, "archive": (BytesIO(content), "edition.zip")}, **more)


def sent(make) -> EditionUpload:
    (found,) = make.all(EditionUpload)
    return found


def path_of(edition: Edition, rest: str = "") -> str:
    return f"{HOME}editions/{edition.id}{rest}"


def test_an_archive_that_is_sent_waits_is_read_by_a_job_and_becomes_a_draft(admin, barometer, make, client):
    public = client.get("/barometre/essai/").text
    answer = send(admin, archive(by_indicator()))
    upload = sent(make)
    assert answer.location.endswith(f"{HOME}envois/{upload.id}")
    assert "attendent d’être lus" in admin.get_page(answer.location).text()
    assert make.all(Edition) == [], "nothing slow in the request"
    upload = make.read(upload)
    assert upload.status is UploadStatus.READY
    assert make.all(EditionUploadPiece) == [], "the archive is forgotten"
    page = admin.get_page(answer.location)
    assert "sont devenus un brouillon" in page.text()
    assert f"{HOME}editions/{upload.edition_id}" in page.links()
    assert client.get("/barometre/essai/").text == public


def test_what_waits_shows_on_the_first_page(admin, barometer, make):
    send(admin, archive(by_indicator()))
    assert "1 envoi en lecture" in admin.get_page("/admin/barometre/").text()
    make.read(sent(make))
    text = admin.get_page("/admin/barometre/").text()
    assert "1 brouillon à relire" in text
    assert "1 réforme sans ministère" in text
    assert "envoi en lecture" not in text


@pytest.mark.parametrize(
    ("on", "words"),
    [("", "Indiquez la date"), ("2024-02-30", "n’existe pas"), ("le 3 mai", "n’existe pas"), ("2999-01-01", "pas encore venue")],
)
def test_a_date_that_cannot_be_is_refused(admin, barometer, make, on, words):
    answer = send(admin, archive(by_indicator()), on)
    assert answer.status_code == 422
    assert words in admin.page(answer).text()
    assert make.all(EditionUpload) == []


def test_no_file_and_a_file_of_another_kind_are_refused(admin, barometer, make):
    form = admin.get_page(SEND).form()
    answer = admin.post(SEND, data={**form, "on": "2026-01-31"})
    assert "Choisissez un fichier" in admin.page(answer).text()
    answer = send(admin, b"indic_id,valeur\nIND-001,12\n")
    assert answer.status_code == 422
    page = admin.page(answer)
    assert "n’est pas une archive zip" in page.text()
    assert page.form()["on"] == "2026-01-31", "what was typed stays"
    assert make.all(EditionUpload) == []


def test_files_sent_twice_for_one_date_wait_for_the_first(admin, barometer, make):
    send(admin, archive(by_indicator()))
    assert "ne sont pas encore lus" in admin.page(send(admin, archive(by_indicator()))).text()
    assert len(make.all(EditionUpload)) == 1


def test_a_date_before_the_newest_edition_is_refused_at_once(admin, barometer, make):
    make.edition(barometer=barometer, on=date(2026, 2, 28))
    assert "plus récente est déjà publiée" in admin.page(send(admin, archive(by_indicator()))).text()


def test_other_content_for_a_published_date_is_refused_by_the_job(admin, barometer, make):
    make.edition(barometer=barometer, on=date(2026, 1, 31))
    answer = send(admin, archive(by_indicator()))
    assert make.read(sent(make)).refusal is Refusal.OTHER_CONTENT
    assert "retirez-la d’abord" in admin.get_page(answer.location).text()


def test_publishing_sent_twice_publishes_once_and_nothing_is_left_to_press(admin, barometer, make):
    send(admin, archive(by_indicator()))
    edition = make.one(Edition, make.read(sent(make)).edition_id)
    path = f"/admin/barometre/essai/editions/{edition.id}/publication"
    form = admin.get_page(path).form()
    assert [admin.post(path, data=form).status_code for _twice in range(2)] == [303, 303]
    assert [event.verb.value for event in make.all(CaseEvent)].count("edition:publish") == 1
    page = admin.get_page(path)
    assert "déjà publiée" in page.text()
    assert page.all("main//form") == []


def test_the_same_content_once_more_changes_nothing(admin, barometer, make):
    send(admin, archive(by_indicator()))
    edition_id = make.read(sent(make)).edition_id
    publish(admin, make.one(Edition, edition_id))
    answer = send(admin, archive(by_indicator()))
    make.read(make.all(EditionUpload)[-1])
    assert "rien n’a changé" in admin.get_page(answer.location).text()
    assert len(make.all(Edition)) == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"lisez-moi.txt": b"Bonjour"}, "aucun des deux formats"),
        (by_indicator() | by_synthesis(), "sont mêlés"),
        ({**by_indicator(), DATA: "Département".encode("cp1252")}, "UTF-8"),
        ({**by_indicator(), DATA: by_indicator()[DATA].decode().encode("utf-16")}, "UTF-8"),
        ({**by_indicator(), "../x.csv": b""}, "hors de l’archive"),
        ({**by_indicator(), DATA: by_indicator()[DATA] * 2}, "deux"),
    ],
    ids=["neither format", "both", "cp1252", "UTF-16", "path", "twice"],
)
def test_a_malformed_edition_is_refused_in_words_and_the_public_pages_stay(admin, barometer, make, client, files, words):
    make.edition(barometer=barometer, on=date(2025, 6, 30))
    addresses = ["/barometre/essai/", "/barometre/essai/editions/", "/barometre/essai/indicateurs/IND-001"]
    public = [client.get(path).text for path in addresses]
    answer = send(admin, archive(files))
    assert make.read(sent(make)).status is UploadStatus.FAILED
    assert "sont refusés, rien n’a été publié" in (text := admin.get_page(answer.location).text())
    if words != "deux":
        assert words in text
    assert [client.get(path).text for path in addresses] == public
    assert make.all(EditionUploadPiece) == []
    assert [edition.status for edition in make.all(Edition)] == [EditionStatus.PUBLISHED]


def test_an_error_is_told_with_its_file_line_column_value_and_what_was_expected(admin, barometer, make):
    line = by_indicator()[DATA].decode().splitlines()[1]
    cells = line.split(",")
    number = next(cell for cell in reversed(cells) if cell.replace(".", "").isdigit())
    wrong = line[::-1].replace(number[::-1], "douze"[::-1], 1)[::-1]
    answer = send(admin, archive(changed(by_indicator(), DATA, line, wrong)))
    make.read(sent(make))
    rows = admin.get_page(answer.location).all("main//tbody/tr")
    text = " ".join(" ".join(rows[0].itertext()).split())
    assert f"{DATA}, ligne 2, colonne" in text
    assert "douze" in text
    assert "nombre" in text


def test_a_hundred_errors_are_shown_then_their_number(admin, barometer, make):
    refused = ImportRefused([Problem(f"data/{n}.csv", "x", "attendu") for n in range(150)], count=3_000)
    upload = make.upload(barometer, archive(by_indicator()))
    with make._work():
        row = db.session.get_one(EditionUpload, upload.id)
        row.status = UploadStatus.READING
        edition_uploads.refuse(upload.id, refused, at=make.clock())
    page = admin.get_page(f"{HOME}envois/{upload.id}")
    assert len(page.all("main//tbody/tr")) == 100
    assert "… et 2 900 autres erreurs" in page.text()


def test_an_upload_whose_reader_died_is_read_again_and_given_up_in_the_end(barometer, make, app, clock, monkeypatch):
    upload = make.upload(barometer, archive(by_indicator()))

    def die(_archive: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(edition_uploads, "read_archive", die)
        for _attempt in range(edition_uploads.MOST_ATTEMPTS):
            with app.app_context():
                assert edition_uploads.due(clock()) == [upload.id]
            with pytest.raises(KeyboardInterrupt):
                make.read(upload)
            with app.app_context():
                assert edition_uploads.due(clock()) == [], "somebody reads it"
            clock.advance(minutes=11)
    assert make.read(upload).status is UploadStatus.FAILED
    assert make.all(EditionUploadPiece) == []


def test_a_reader_that_died_once_is_followed_by_another(barometer, make, clock, monkeypatch):
    upload = make.upload(barometer, archive(by_indicator()))
    with monkeypatch.context() as patch:
        patch.setattr(edition_uploads, "read_archive", lambda _archive: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make.read(upload)
    clock.advance(minutes=11)
    assert make.read(upload).status is UploadStatus.READY


def test_the_sweep_of_the_job_process_reads_what_was_sent(barometer, make, app, admin):
    send(admin, archive(by_indicator()))
    with app.app_context():
        upload_id = edition_uploads.due(make.clock())[0]
    assert upload_id == sent(make).id
    assert jobs.LONG_WORKS[0].due is edition_uploads.due


def test_the_limit_of_the_file_is_its_own(admin, barometer, monkeypatch, make):
    send(admin, archive({**by_indicator(), "lisez-moi.bin": bytes(range(256)) * 4_000}))  # past the 256 kB of other forms
    assert len(make.all(EditionUpload)) == 1
    answer = admin.post(
        SEND, input_stream=BytesIO(b"x"), environ_overrides={"CONTENT_LENGTH": "101000000"}, content_type="multipart/form-data; boundary=a"
    )
    assert answer.status_code == 413


def test_a_stranger_s_file_is_not_even_read(client, barometer, make, sign_in):
    class Unread(BytesIO):
        def read(self, *_size: Any) -> bytes:
            pytest.fail("it was read")

        readline = readinto = read

    headers: dict[str, Any] = {"environ_overrides": {"CONTENT_LENGTH": "50000000"}, "content_type": "multipart/form-data; boundary=a"}
    monitored = Unread(b"x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feedback_app.web.errors.DRAIN_BYTES", 0)
        assert client.post(SEND, input_stream=monitored, **headers).status_code == 401
        assert sign_in(make.moderator()).post(SEND, input_stream=monitored, **headers).status_code == 403


def test_what_looks_odd_in_a_draft_is_named_and_counted(admin, barometer, make):
    make.edition(before_revision(), barometer=barometer, on=date(2025, 6, 30))
    draft = make.edition(after_revision(), barometer=barometer, status=EditionStatus.DRAFT)
    text = admin.get_page(path_of(draft)).text()
    for words in (
        "Indicateurs disparus (1)",
        "Cibles rendues plus faciles",
        "Valeurs de départ modifiées (1)",
        "Réformes sans ministère (1)",
    ):
        assert words in text
    assert "19.0" in text
    assert "Comparée avec l’édition du 30 juin 2025" in text


def test_the_warnings_of_the_files_are_told(admin, barometer, make):
    rows = by_indicator()[DATA].decode().splitlines()
    doubled = changed(by_indicator(), DATA, rows[1], f"{rows[1]}\n{rows[1]}")
    send(admin, archive(doubled))
    upload = make.read(sent(make))
    assert upload.status is UploadStatus.READY, upload.problems
    assert "Remarques de la lecture" in admin.get_page(f"{HOME}editions/{upload.edition_id}").text()


def publish(admin: Any, edition: Edition) -> Any:
    path = path_of(edition, "/publication")
    return admin.post(path, data=admin.get_page(path).form())


def test_a_draft_is_published_after_one_more_question(admin, barometer, make, client):
    draft = make.edition(barometer=barometer, status=EditionStatus.DRAFT)
    assert path_of(draft, "/publication") in admin.get_page(path_of(draft)).links()
    assert publish(admin, draft).location.endswith(path_of(draft))
    assert make.reload(draft).status is EditionStatus.PUBLISHED
    assert client.get("/barometre/essai/editions/2026-01-31").status_code == 200
    assert make.all(CaseEvent)[-1].actor_id is not None


def test_a_draft_whose_predecessor_changed_is_refused_in_words_compared_again_and_published(admin, barometer, make, app):
    first = make.edition(before_revision(), barometer=barometer, on=date(2025, 6, 30))
    draft = make.edition(after_revision(), barometer=barometer, status=EditionStatus.DRAFT)
    form = admin.get_page(path_of(draft, "/publication")).form()
    make.withdrawal(first)
    make.clock.advance(minutes=1)
    answer = admin.post(path_of(draft, "/publication"), data=form)
    assert answer.status_code == 409
    assert "L’édition précédente a changé entre-temps" in admin.page(answer).text()
    assert make.reload(draft).status is EditionStatus.DRAFT
    page = admin.get_page(path_of(draft))
    assert path_of(draft, "/publication") not in page.links()
    admin.post(path_of(draft, "/comparaison"), data=page.form())
    assert "comparaison avec l’édition précédente est demandée" in admin.get_page(path_of(draft)).text()
    do_long_works(app, make)
    assert make.all(FigureRevision) == []
    answer = admin.post(path_of(draft, "/publication"), data=form)
    assert "La comparaison a été refaite" in admin.page(answer).text(), "what was read is no longer what would be published"
    publish(admin, draft)
    assert make.reload(draft).status is EditionStatus.PUBLISHED


def do_long_works(app: Any, make: Any) -> None:
    with app.app_context():
        for work in jobs.LONG_WORKS:
            due = work.due(make.clock())
            db.session.rollback()
            for subject in due:
                work.do(subject, make.clock())


def test_of_two_administrators_the_second_is_told_that_it_is_published(admin, barometer, make, sign_in):
    draft = make.edition(barometer=barometer, status=EditionStatus.DRAFT)
    other = sign_in(make.person(roles=(Role.ADMINISTRATOR,)))
    form = other.get_page(path_of(draft, "/publication")).form()
    publish(admin, draft)
    assert other.post(path_of(draft, "/publication"), data=form).status_code == 409


def test_a_form_without_what_was_seen_publishes_nothing(admin, barometer, make):
    draft = make.edition(barometer=barometer, status=EditionStatus.DRAFT)
    form = admin.get_page(path_of(draft, "/publication")).form()
    for seen in ("", "hier", "2026-01-31", "x" * 1_000):
        assert admin.post(path_of(draft, "/publication"), data={**form, "seen": seen}).status_code == 409
    assert make.reload(draft).status is EditionStatus.DRAFT


def test_a_draft_that_is_given_up_goes_at_once_and_its_figures_with_the_next_sweep(admin, barometer, make, app):
    draft = make.edition(barometer=barometer, status=EditionStatus.DRAFT)
    path = path_of(draft, "/abandon")
    admin.post(path, data=admin.get_page(path).form())
    assert admin.get(path_of(draft)).status_code == 404
    assert "Aucune édition" in admin.get_page(HOME).text()
    do_long_works(app, make)
    assert make.all(Edition) == []
    assert make.all(Observation) == []
    assert EventVerb.EDITION_DISCARD in {event.verb for event in make.all(CaseEvent)}


def test_a_published_edition_cannot_be_given_up(admin, barometer, make):
    edition = make.edition(barometer=barometer)
    path = path_of(edition, "/abandon")
    assert admin.post(path, data=admin.get_page(path).form()).status_code == 409
    assert make.reload(edition).status is EditionStatus.PUBLISHED


def test_an_edition_is_withdrawn_with_a_reason_that_everybody_reads(admin, barometer, make, client):
    edition = make.edition(barometer=barometer)
    path = path_of(edition, "/retrait")
    form = admin.get_page(path).form()
    assert "tout le monde le lira" in admin.page(admin.post(path, data=form)).text()
    admin.post(path, data={**form, "reason": "Une colonne était décalée d’une ligne."})
    assert make.reload(edition).status is EditionStatus.WITHDRAWN
    assert "Une colonne était décalée" in client.get("/barometre/essai/editions/2026-01-31").text
    assert admin.post(path, data={**form, "reason": "Une seconde fois, pour voir."}).status_code == 409


def test_addresses_that_name_nothing_are_not_found(admin, barometer, make):
    other = make.edition(barometer=make.barometer("autre", active=False))
    for path in (f"{HOME}editions/{other.id}", f"{HOME}editions/{2**70}", f"{HOME}envois/{2**70}", "/admin/barometre/nulle-part/"):
        assert admin.get(path).status_code == 404


def test_the_page_of_an_edition_asks_a_fixed_number_of_questions(admin, barometer, make, statements):
    make.edition(before_revision(), barometer=barometer, on=date(2025, 6, 30))
    draft = make.edition(after_revision(), barometer=barometer, status=EditionStatus.DRAFT)
    with statements() as asked:
        admin.get_page(path_of(draft))
    assert len(asked) <= 30
