"""Public pages kept whole: what is kept, what never is, and that whatever happens shows at once in every process."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.datastructures import ImmutableMultiDict

from feedback_app import jobs
from feedback_app.database import db
from feedback_app.domain.contribution import ContributionStatus, TextAction
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Account, Edition, Ministry, TextVersion
from feedback_app.services import editions, freshness, ministries, moderation, page_store, sign_in, site
from feedback_app.services.cases import answers, taking
from feedback_app.services.page_store import KeptPage, PageStore
from feedback_app.web.page_cache import PageCache, rule_of
from tests.barometers import after_revision, before_revision
from tests.web.kept_pages import Process, processes

WAITING = "Ce texte attend, personne ne le lit encore."


@pytest.fixture(params=["memory", "redis"])
def redis_url(request):
    """Where pages are shared: nowhere, or in a Redis of the test."""
    if request.param == "memory":
        return ""
    server = request.getfixturevalue("redis_server")
    server.flush()
    return server.url(5)


@pytest.fixture
def both(app, database, clock, tmp_path, redis_url):
    """Two web processes beside ``app``, which keeps no page."""
    with processes(2, lambda number: Process(tmp_path / str(number), database.url, clock, REDIS_URL=redis_url)) as found:
        yield found


@pytest.fixture
def one(app, database, clock, tmp_path):
    """One web process with pages in its memory."""
    with processes(1, lambda _number: Process(tmp_path / "one", database.url, clock)) as (found,):
        yield found


class Story:
    """A site with something on every kind of page, and what may happen to it."""

    def __init__(self, make):
        self.make = make
        self.boss = make.person(roles=(Role.ADMINISTRATOR,))
        self.moderator = make.moderator()
        self.ministry = make.ministry("Ministère des essais")
        self.contact = make.person(ministry=self.ministry)
        self.validator = make.person(ministry=self.ministry, kind=MembershipKind.VALIDATOR)
        self.commitment = make.commitment(ministry=self.ministry)
        self.topic = self.commitment.topic
        self.said = make.comment(topic=self.topic, body="Un texte que son auteur retirera.", email="zoe@exemple.test", name="Zoé Mirabel")
        self.erased = make.comment(topic=self.topic, body="Un texte qui reste.", email="ida@exemple.test", name="Ida Nommée")
        self.waiting = make.comment(topic=self.topic, body=WAITING, status=ContributionStatus.PENDING)
        self.request = make.request(topic=self.topic, contact=self.contact)
        self.barometer = make.barometer("essais", name="Baromètre des essais")
        make.edition(before_revision(), barometer=self.barometer, on=date(2025, 6, 30))
        self.draft = make.edition(after_revision(), barometer=self.barometer, status=editions.EditionStatus.DRAFT)
        plan, number = self.topic.key.split(":")[1:]
        self.page, self.asked = f"/engagements/{plan}/{number}", f"/demandes/{self.request.reference}"
        self.paths = ["/", "/en/", "/engagements/", self.page, "/en" + self.page, "/demandes/", self.asked, "/barometre/"]
        self.paths += ["/barometre/essais/", "/barometre/essais/editions/", "/barometre/essais/territoires/D69", "/charte"]

    def acts(self):
        """What happens, one thing after the other, with a page that has to look different after it."""
        yield self.publish, self.page
        yield self.correct, self.page
        yield self.withdraw, self.page
        yield self.take, self.asked
        yield self.answer, self.asked
        yield self.publish_edition, "/barometre/essais/"
        yield self.withdraw_edition, "/barometre/essais/editions/"
        yield self.rename, self.page
        yield self.notice, "/charte"
        yield self.erase, self.page

    def _decide(self, version_id):
        with self.make._work():
            version = db.session.get_one(TextVersion, version_id)
            moderation.decide(version, TextAction.PUBLISH, moderator=sign_in.actor_of(self.moderator), at=self.make.clock())

    def publish(self):
        self._decide(self.waiting.current_version_id)

    def correct(self):
        self._decide(self.make.correction(self.waiting, "Le même texte, corrigé.").id)

    def withdraw(self):
        self.make.withdrawn(self.said)

    def take(self):
        with self.make._work():
            request = self.make.live(self.request)
            taking.take(request, actor=sign_in.actor_of(self.contact), seen_version=request.version, at=self.make.clock())

    def answer(self):
        self.make.draft(self.request, "Voici la réponse du ministère.", contact=self.contact, propose=True)
        with self.make._work():
            request = self.make.live(self.request)
            answer = answers.in_hand(request)
            actor = sign_in.actor_of(self.validator)
            answers.publish(answer, actor=actor, seen_wording=1, at=self.make.clock())

    def publish_edition(self):
        with self.make._work():
            editions.publish(db.session.get_one(Edition, self.draft.id), at=self.make.clock())

    def withdraw_edition(self):
        self.make.withdrawal(self.draft, "Des chiffres étaient faux.")

    def _administrator(self):
        return sign_in.actor_of(db.session.get_one(Account, self.boss.id))

    def rename(self):
        with self.make._work():
            live = db.session.get_one(Ministry, self.ministry.id)
            renamed = ministries.NewMinistry("Ministère des épreuves", live.kind, "contact@exemple.test")
            ministries.change(live, renamed, administrator=self._administrator(), seen_version=live.version, at=self.make.clock())

    def notice(self):
        with self.make._work():
            words = {"notice_fr": "Le site ferme dimanche.", "notice_en": "The site closes on Sunday."}
            site.change(close=True, **words, administrator=self._administrator(), seen_version=0, at=self.make.clock())

    def erase(self):
        self.make.erased(self.make.identity("ida@exemple.test"))


def test_whatever_happens_shows_at_once_in_every_process(app, make, both):
    story, bare = Story(make), FlaskClient(app)
    for path in story.paths:
        assert [process.get(path).status_code for process in both] == [200, 200], path
    for act, changed in story.acts():
        before = {path: bare.get(path).text for path in story.paths}
        for process in both:
            assert {path: process.get(path).text for path in story.paths} == before, act.__name__
            assert all(process.is_kept(path) for path in story.paths), act.__name__
        act()
        assert bare.get(changed).text != before[changed], f"{act.__name__} changes nothing: the test is blind"
        for process in both:
            stale = [path for path in story.paths if process.get(path).text != bare.get(path).text]
            assert not stale, f"{act.__name__} is not seen on {stale}"


def test_a_withdrawn_or_erased_name_is_nowhere_in_what_is_kept(app, make, both, redis_url, monkeypatch, clock):
    story = Story(make)
    for process in both:
        assert "Zoé Mirabel" in process.get(story.page).text
        assert "Ida Nommée" in process.get(story.page).text
    story.withdraw()
    for process in both:
        assert "Zoé Mirabel" not in process.get(story.page).text
    story.erase()
    monkeypatch.setattr(jobs, "_now", clock)
    with both[0].app.app_context():
        jobs._scrub_if_planned()
    if redis_url:
        assert not list(Redis.from_url(redis_url).scan_iter(page_store.PREFIX + "*"))
    for process in both:
        assert "Ida Nommée" not in process.get("/charte").text  # one answer, and the memory of the process holds nothing of before
        assert all(b"Ida Nomm" not in page.body for page in process.store._pages.values())


def test_a_kept_page_is_the_page_with_its_headers_and_one_question_to_the_database(app, make, both, statements, monkeypatch):
    path = Story(make).page
    fresh, first = FlaskClient(app).get(path), both[0].get(path)
    asked = []
    monkeypatch.setattr(freshness.Reader, "read", lambda self, topic, read=freshness.Reader.read: asked.append(topic) or read(self, topic))
    for process in both[:1]:
        kept = process.get(path)
        assert (kept.text, sorted(kept.headers)) == (fresh.text, sorted(fresh.headers)) == (first.text, sorted(first.headers))
        assert len(asked) == 1
        assert kept.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_what_one_process_made_the_other_shows_where_they_share(make, both, redis_url):
    path = Story(make).page
    both[0].get(path)
    assert both[1].is_kept(path) is bool(redis_url)


def test_who_has_the_page_is_told_so(app, make, one):
    path = Story(make).page
    first = one.get(path)
    for known in (first.headers["ETag"], f"W/{first.headers['ETag']}", f'"x", {first.headers["ETag"]}', "*"):
        again = one.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert "Content-Length" not in again.headers
        assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert one.get(path, headers={"If-None-Match": '"x"'}).text == first.text
    # Kept or not, public pages answer in this way.
    other = FlaskClient(app).get(path + "?apres=x")
    assert FlaskClient(app).get(path + "?apres=x", headers={"If-None-Match": other.headers["ETag"]}).status_code == 304


def test_a_page_is_made_anew_at_midnight_in_paris(make, one, clock):
    path = Story(make).asked
    one.get(path)
    clock.now = clock.now.replace(hour=22, minute=59)  # 23:59 in Paris, in winter
    assert one.is_kept(path)
    clock.advance(minutes=1)
    assert not one.is_kept(path)
    assert one.is_kept(path)


def test_forms_errors_other_methods_and_filters_are_made_each_time(make, one):
    story = Story(make)
    private = make.private_path(story.waiting)
    never = [f"/commenter?sujet={story.topic.key}", private, "/compte/connexion", "/demandes/DS-2026-999999", "/nulle-part"]
    never += ["/demandes/?statut=en-retard", "/engagements/?q=eau", story.page + "?apres=x", "/barometre/essais/territoires/?lieu=69001"]
    for path in never:
        one.get(path)
        assert not one.is_kept(path), path
    before = one.made
    assert one.browser.head(story.page).data == b""
    one.browser.post(story.page)
    assert one.made == before + 2
    assert len(one.store) == 0


def test_somebody_signed_in_is_never_answered_from_what_is_kept(make, one):
    path = Story(make).page
    one.get(path)
    one.browser.set_cookie("session", "whatever")
    assert not one.is_kept(path)
    one.browser.delete_cookie("session")
    one.browser.set_cookie("_ga", "of another site of the same domain")
    assert one.is_kept(path)


def test_what_nobody_reads_in_a_query_makes_no_page_and_is_in_none(make, one):
    path = Story(make).page
    page = one.get(path + "?fbclid=first&utm_source=x")
    assert "fbclid" not in page.text
    assert one.is_kept(path)
    assert all(one.is_kept(f"{path}?fbclid={number}") for number in range(3))
    assert len(one.store) == 1


def test_a_territory_makes_a_page_of_its_own(make, one):
    code = make.indicator().topic.key.split(":")
    path = f"/barometre/{code[1]}/indicateurs/{code[2]}"
    france, rhone = one.get(path), one.get(path + "?territoire=D69")
    assert france.text != rhone.text
    assert one.is_kept(path + "?territoire=D69&utm_source=x")
    assert one.get(path + "?territoire=D69").text == rhone.text
    assert one.get(path).text == france.text


def test_another_spelling_of_an_address_is_not_kept(make, one):
    path = Story(make).page
    plan, _slash, number = path.rpartition("/")
    assert one.get(f"{plan}/000{number}").status_code == 200
    assert len(one.store) == 0


def test_another_name_of_the_site_is_refused_though_the_page_is_kept(make, one):
    path = Story(make).page
    one.get(path)
    assert one.get(path, headers={"Host": "attaquant.example"}).status_code == 400
    assert one.is_kept(path)


def test_a_database_that_is_away_is_said_so_though_the_page_is_kept(make, one, monkeypatch):
    path = Story(make).page
    one.get(path)

    def away(*_arguments: object) -> None:
        raise freshness.Unknown

    monkeypatch.setattr(freshness.Reader, "read", away)
    assert not one.is_kept(path)


def test_a_redis_that_is_away_keeps_nobody_from_reading(make, app, database, clock, tmp_path):
    path = Story(make).page
    with processes(1, lambda _n: Process(tmp_path / "r", database.url, clock, REDIS_URL="redis://127.0.0.1:1/0")) as (alone,):
        assert alone.get(path).status_code == 200
        assert alone.is_kept(path)
        assert page_store.forget_shared(alone.app) is False


def test_every_parameter_that_a_kept_page_reads_is_declared(app, make, monkeypatch):
    story = Story(make)
    read: set[str] = set()

    class Watched(ImmutableMultiDict):
        def get(self, key, *args, **kwargs):
            read.add(key)
            return super().get(key, *args, **kwargs)

        def getlist(self, key, *args, **kwargs):
            read.add(key)
            return super().getlist(key, *args, **kwargs)

        def __contains__(self, key):
            read.add(key)
            return super().__contains__(key)

    monkeypatch.setattr(app.request_class, "parameter_storage_class", Watched)
    key = make.indicator().topic.key.split(":")
    seen = {}
    more = [f"/barometre/{key[1]}/indicateurs/{key[2]}", "/barometre/essais/territoires/", "/barometre/essais/editions/2025-06-30"]
    more += [
        "/engagements/jalons-en-retard",
        "/engagements/engagements.csv",
        "/transparence/reponses",
        "/transparence/reponses.csv",
        "/donnees-ouvertes/",
    ]
    for path in [*story.paths, *more]:
        endpoint = app.url_map.bind("localhost").match(path[3:] if path.startswith("/en/") else path)[0]
        read.clear()
        assert FlaskClient(app).get(path + "?x=1").status_code == 200, path
        rule = seen[endpoint] = rule_of(app.view_functions[endpoint])
        assert read <= {"x", *rule.by, *rule.not_with, "repris"}, f"{endpoint} reads {read}"
    every = {endpoint for endpoint, view in app.view_functions.items() if rule_of(view)}
    assert seen.keys() == every - {"public.edition_file"}, "this test lacks a page"


def test_memory_is_bounded_and_one_page_takes_an_eighth_at_most():
    store = PageStore(100_000)
    for number in range(50):
        store.put(str(number), KeptPage("", None, "", "", (), b"x" * 8000))
    assert 1 <= len(store) <= 100_000 // 8000
    assert store.get("49")
    store.put("long", KeptPage("", None, "", "", (), b"x" * 13_000))
    assert store.get("long") is None


def test_a_page_comes_back_from_bytes_as_it_was_and_rubbish_is_none():
    page = KeptPage("2026-03-02 1.2", 7, "public.home", '"a"', (("Content-Type", "text/html"),), "é\n\n".encode())
    assert page_store.unpack(page_store.pack(page)) == page
    assert page_store.unpack(b"[1]\nx") is None
    assert page_store.unpack(b"\xff") is None


def test_an_answer_with_a_cookie_is_not_kept(app: Flask):
    cache = PageCache(app, app.wsgi_app, PageStore(1_000_000))
    from feedback_app.web.page_cache import Visit

    headers = [("Cache-Control", "public, max-age=0, must-revalidate"), ("ETag", '"a"')]
    call = {"PATH_INFO": "/"}
    for extra, status, kept in (
        ([], "200 OK", True), ([("Set-Cookie", "a=b")], "200 OK", False), ([("Vary", "Cookie")], "200 OK", False),
        ([], "404 NOT FOUND", False), ([("Cache-Control", "no-store")], "200 OK", False),
    ):  # fmt: skip
        visit = Visit("", "stamp", freshness.Version(1, 1), None, "x", status, [*headers, *extra])
        assert (cache._keep(call, visit, b"page") is not None) is kept, (extra, status)
