"""The words of a text as they are compared: French stems without accents, without the words that every sentence has.

Done here and not by the databases, so that both find the same things, a managed PostgreSQL needs no extension, and a text typed
without accents is found all the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from feedback_app.domain.text import fold

LONGEST = 40
_WORD = re.compile(r"[^\W_]{2,}")
# Closed classes of French (and the commonest of English), and what every request says, as ``fold`` leaves them: they tell no subject.
_EMPTY_WORDS = """
    le la les un une des du de au aux ce cet cette ces mon ton son ma ta sa mes tes ses notre votre leur nos vos leurs
    je tu il elle on nous vous ils elles me te se moi toi lui eux soi en qui que quoi dont ou lequel laquelle lesquels lesquelles
    quel quelle quels quelles celui celle ceux celles ceci cela ca
    et mais donc or ni car si comme quand lorsque puisque parce afin ainsi alors aussi meme encore deja tres plus moins trop peu
    tout toute tous toutes autre autres aucun aucune chaque plusieurs certains certaines quelque quelques
    dans par pour sur sous vers chez sans avec entre contre depuis pendant avant apres jusque selon hors
    ne pas point jamais rien non oui ici voici voila lors puis ensuite bien tel telle tels telles
    est sont etre ete etait etaient sera seront serait suis es sommes etes soit
    ai as avons avez ont avoir eu avait avaient aura auront aurait
    fait faire faites font peut peuvent pouvez pourrait doit doivent faut va vont
    qu jusqu lorsqu puisqu quelqu aujourd hui
    bonjour merci madame monsieur cordialement salutations question questions demande demander savoir voudrais souhaite souhaiterais
    pourquoi comment combien
    the of and to in is are was were for with that this it be by from at an not what why how which
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


def stems(text: str) -> frozenset[str]:
    """The distinct stems of a text. Each word gives the stem of its accented form and that of its plain form, often the same.

    Numbers of two digits and more, and codes such as D69, stand for themselves.
    """
    found: set[str] = set()
    for word in _words(text):
        found |= _stems_of(word)
    return frozenset(found)


def stems_by_word(text: str) -> list[frozenset[str]]:
    """The stems of each distinct word that says what the text is about; two words of one stem are one."""
    return [one for one in {_stems_of(word) for word in _words(text)} if one]


def _words(text: str) -> set[str]:
    return {word[:LONGEST] for word in _WORD.findall(unicodedata.normalize("NFC", text).casefold())}


@lru_cache(maxsize=50_000)
def _stems_of(word: str) -> frozenset[str]:
    plain = fold(word)
    if plain in _EMPTY:
        return frozenset()
    stemmer = _stemmer()
    # A letter may fold into several signs ("½"): what is kept must be one word for both databases.
    return frozenset(_WORD.findall(f"{fold(stemmer.stemWord(word))} {stemmer.stemWord(plain)}"))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    # Loaded when the first text is read: the library brings thirty languages along.
    from snowballstemmer.french_stemmer import FrenchStemmer

    return FrenchStemmer()
