"""The eye itself is tried on what it must find."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.crawl.look import LIGHT, MOST_BYTES, NARROW, WIDE, Eye, eye_of
from tests.crawl.visits import Answer

HEAD = "<!doctype html><html lang='fr'><head><title>Essai</title><meta name='viewport' content='width=device-width'>{head}</head>"
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg'/>"
SEEN = "<link rel='stylesheet' href='/seen.css'>"


@pytest.fixture(scope="module")
def eye(browser):
    app = Flask(__name__, static_folder=None)
    outlined = ":focus-visible { outline: 3px solid #a00 }"
    app.add_url_rule("/seen.css", "css", lambda: (outlined, 200, {"Content-Type": "text/css"}))
    app.add_url_rule("/picture-<int:n>", "picture", lambda n: (PICTURE, 200, {"Content-Type": "image/svg+xml"}))
    with eye_of(browser, app) as eye:
        yield eye


def show(eye: Eye, body: str, head: str = SEEN) -> list[str]:
    html = f"{HEAD.format(head=head)}<body><main><h1>Essai</h1>{body}</main></body></html>"
    return eye.load(Answer("GET", "/", 200, {"Content-Type": "text/html; charset=utf-8"}, html))


def test_a_plain_page_has_no_problem(eye):
    body = "<p>Bonjour.</p><a href='/'>Un lien</a><label>Nom <input name='nom'></label><fieldset><legend>Oui ?</legend>"
    body += "<label><input type='radio' name='r' value='1'>Oui</label> <label><input type='radio' name='r' value='2'>Non</label></fieldset>"
    assert show(eye, body) == []
    assert [*eye.look(NARROW, LIGHT), *eye.enlarge(), *eye.walk(WIDE)] == []


def test_a_page_too_wide_for_a_phone_is_found(eye):
    show(eye, "<div style='width: 400px'>Large</div>")
    assert any("scrolls sideways" in problem for problem in eye.look(NARROW, LIGHT))
    assert eye.look(WIDE, LIGHT) == []


def test_a_fault_that_axe_knows_is_found(eye):
    show(eye, "<img src='/picture-1'><p style='color: #ccc; background: #fff'>Pâle</p>")
    problems = " ".join(eye.look(WIDE, LIGHT))
    assert "image-alt" in problems
    assert "color-contrast" in problems


def test_large_text_that_does_not_fit_is_found_and_only_then(eye):
    show(eye, "<p style='width: 18rem; white-space: nowrap'>x</p><div style='width: 50rem'>Seulement à 16 pixels</div>")
    assert eye.look(WIDE, LIGHT) == []
    assert any(problem.startswith("text at 200 %: scrolls sideways") for problem in eye.enlarge())
    assert eye.look(WIDE, LIGHT) == [], "the usual text size is back"


def test_text_that_does_not_fit_when_spaced_out_is_found_and_only_then(eye):
    show(eye, "<p style='white-space: nowrap; width: 280px'>Une ligne qui tient tout juste ici</p>")
    assert eye.look(NARROW, LIGHT) == []
    assert any("text spaced out: scrolls sideways" in problem for problem in eye.space_out())
    assert eye.look(NARROW, LIGHT) == []


def test_words_that_a_box_cuts_off_are_found(eye):
    show(eye, "<p style='width: 5rem; overflow: hidden; white-space: nowrap'>Beaucoup trop de mots pour cette boîte</p>")
    assert any("cut off" in problem for problem in eye.look(WIDE, LIGHT))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<a href='/'>Un</a><a href='/' style='outline: none'>Deux</a>", "focus cannot be seen"),
        ("<a href='/'>Un</a><a href='/' tabindex='1'>Deux</a>", "jumps the order"),
        ("<button id='a'>Un</button><dialog open inert><button>Deux</button></dialog>", "not reached by keyboard"),
    ],
)
def test_what_a_keyboard_cannot_do_is_found(eye, body, said):
    show(eye, body)
    assert any(said in problem for problem in eye.walk(WIDE))


def test_a_request_to_somebody_else_is_found(eye):
    assert any(
        "asks somebody else: https://elsewhere.example" in problem
        for problem in show(eye, "<img src='https://elsewhere.example/a.png' alt=''>")
    )


def test_a_missing_file_is_found(eye):
    assert any("asks for /absent.png: 404" in problem for problem in show(eye, "<img src='/absent.png' alt=''>"))


def test_a_heavy_first_view_is_found(eye):
    assert any("requests" in problem for problem in show(eye, "".join(f"<img src='/picture-{n}' alt=''>" for n in range(6))))
    assert any("bytes" in problem for problem in show(eye, f"<p>{'mot ' * (MOST_BYTES // 4)}</p>"))
