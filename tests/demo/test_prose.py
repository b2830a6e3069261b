"""The families of sentences: complete, acceptable to the forms, and about nobody who exists."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from feedback_app.demo import prose, seed, showcase
from feedback_app.demo.dossier import Cast
from feedback_app.demo.indicators import SPECS
from feedback_app.demo.plan_file import PLAN
from feedback_app.demo.prose import Deck, filled, official
from feedback_app.domain.case import OFFICIAL_MIN, WORDS_MAX, Outcome
from feedback_app.domain.contribution import BODY_MAX, BODY_MIN, FACTS_MAX, FACTS_MIN, ContributionKind, Ground
from feedback_app.domain.text import clean_typed
from tests.conftest import NOW
from tests.real_data.conftest import published

EVERYTHING = "\n".join(file.read_text(encoding="utf-8") for file in sorted(prose.FOLDER.glob("*.txt")))
# What the State is called, and its people: none of it is said here.
REAL = re.compile(
    r"\b(Bercy|Matignon|Élysée|Beauvau|Grenelle|CNIL|CADA|DINUM|DITP|INSEE|SNCF|La Poste|CAF|France Travail|Pôle emploi|ANTS|Urssaf|"
    r"Premier ministre|ministère (de l’|de la |des |du |de )?(Intérieur|Économie|Finances|Justice|Culture|Transition|Éducation|Santé|"
    r"Travail|Agriculture|Armées))\b",
    re.IGNORECASE,
)


def test_every_topic_has_something_to_say_and_to_ask() -> None:
    known = {f"C{number}" for number in range(1, 21)} | {spec.code for spec in SPECS}
    assert set(prose.topics()) == known
    assert {said.topic for said in prose.threads()} == known
    assert {asked.topic for asked in prose.dossiers()} == known
    assert {asked.topic for _state, asked in prose.open_questions()} <= known


def test_what_is_typed_is_what_a_form_takes() -> None:
    texts = [said.text for said in prose.threads()] + [asked.text for asked in prose.dossiers()] + prose.family("asides")
    texts += [asked.text for _state, asked in prose.open_questions()] + [bad.text for bad in prose.refused()]
    assert [text for text in texts if not BODY_MIN <= len(text) <= BODY_MAX or clean_typed(text) != text] == []
    assert [bad.facts for bad in prose.refused() if not FACTS_MIN <= len(bad.facts) <= FACTS_MAX] == []
    assert {bad.ground for bad in prose.refused()} == set(Ground)


def test_each_question_has_its_answer_and_each_refusal_its_ground() -> None:
    for asked in prose.dossiers():
        assert len(asked.answer) > OFFICIAL_MIN, asked.text
        assert (asked.outcome is Outcome.REFUSED) == (asked.ground is not None), asked.text
        assert asked.kind is not ContributionKind.WRONG_FIGURE or not asked.topic.startswith("C"), asked.text


def test_no_line_is_there_twice() -> None:
    lines = [line for line in EVERYTHING.splitlines() if len(line) > 30]
    assert sorted({line for line in lines if lines.count(line) > 1}) == []


def test_nothing_real_is_named() -> None:
    found = REAL.findall(official(EVERYTHING))
    found += REAL.findall(PLAN.read_text(encoding="utf-8")) + REAL.findall(str(SPECS))
    assert found == []


def test_no_sentence_of_the_published_plan_is_here() -> None:
    real = Path(published("plan/plan-2021-2023.json")).read_text(encoding="utf-8")
    ours = official(EVERYTHING) + PLAN.read_text(encoding="utf-8")
    assert sentences(" ".join(strings(json.loads(real)))) & sentences(ours) == set()


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in inside for text in strings(one)]


def sentences(text: str) -> set[str]:
    """Those that are long enough to be somebody's."""
    return {words for part in re.split(r"[.?!:;\n\"]", text) if len(words := " ".join(part.lower().split())) > 30}


def test_each_state_of_the_showcase_is_one_that_is_known() -> None:
    states = [state for state, _asked in prose.open_questions()]
    assert set(states) == set(showcase.STATES)
    with_words = {"proposed", "sent_back", "answered", "reopened"}
    assert [asked.text for state, asked in prose.open_questions() if (state in with_words) != bool(asked.answer)] == []


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Le bilan de {x}.", "les relevés", "Le bilan des relevés."),
        ("Merci à {x}", "le bon état", "Merci au bon état"),
        ("A {x} hier", "Les Cabanes", "Aux Cabanes hier"),
        ("A {x} hier", "Valombre", "A Valombre hier"),
        ("permet de les lire, de {x}", "l'attente", "permet de les lire, de l'attente"),
    ],
)
def test_articles_are_contracted_in_blanks_only(text: str, word: str, expected: str) -> None:
    assert filled(text, {"x": word}) == expected


def test_official_texts_have_the_typography_of_official_texts() -> None:
    assert official("L'avis : « oui » !") == "L’avis\u00a0: «\u00a0oui\u00a0»\u00a0!"


def test_a_deck_gives_each_thing_once_before_any_comes_again() -> None:
    deck = Deck(Random(4), range(7))
    rounds = [[deck.next() for _ in range(7)] for _ in range(6)]
    assert all(sorted(drawn) == list(range(7)) for drawn in rounds)
    assert all(before[-1] != after[0] for before, after in pairwise(rounds))


def test_words_between_colleagues_fit_their_forms() -> None:
    for name in ("extension", "offer", "decline", "routing", "handing", "sending", "notes", "verdicts"):
        assert [text for text in prose.family(name) if not OFFICIAL_MIN <= len(text) <= WORDS_MAX] == []


def told(at: Any) -> list[tuple[Any, str, str]]:
    """All turns as data: when, what, and with which words."""
    found = []
    for turn in seed._turns(Cast({}), at, whole=True):
        act = turn.act.func if isinstance(turn.act, partial) else turn.act
        words = [str(word) for word in turn.act.args if isinstance(word, str)] if isinstance(turn.act, partial) else []
        found.append((turn.at, act.__name__, getattr(getattr(act, "__self__", None), "text", "") + "|".join(words)))
    return found


def test_the_same_day_gives_the_same_demo_at_whatever_hour() -> None:
    morning = told(NOW)
    assert told(NOW + timedelta(hours=9)) == morning
    assert told(NOW + timedelta(days=1)) != morning
    assert max(moment for moment, _act, _words in morning) < NOW
