"""Names that would pass for the State's, or for this site's own people.

The badge of an official text is an element of the page that nobody can type, and signs that look like a seal never stay in a name
(``text.clean_name``). What remains is the words of the name: it may not claim an office. Judged as it looks, not as it is spelt: case,
accents, spaces, letters of other alphabets and digits in the place of letters do not count. (ADR 0015)
"""

from __future__ import annotations

import re
import unicodedata

from feedback_app.domain.text import fold

# Letters that look like Latin ones: Cyrillic, Greek, a few others. And digits and signs that are read as letters.
_LOOK_ALIKES = str.maketrans(
    "аеорсхуікмтнвѕјԁһԛԝзгαοικρτυνηβεχμ0134578@$|!",
    "aeopcxyikmthbsjdhqwzraoikptuvnbexmoieastbasii",
)
# What an office calls itself. Whole words, so that people may be called Prefetti, Ministrello or Officielle-Martin's neighbour.
_OFFICES = (
    "ministeres?", "ministres?", "ministry", "minister", "secretariat d etat", "secretaire d etat", "gouvernement", "government",
    "prefecture", "sous prefecture", "presidence de la republique", "republique francaise", "premier ministre", "elysee", "matignon",
    "officiel", "officielle", "officiels", "officielles", "official", "moderation", "moderateurs?", "moderatrices?", "moderators?",
    "administrateurs?", "administratrices?", "administrators?", "administration", "service public", "services de l etat", "webmaster",
)  # fmt: skip
_OFFICE = re.compile(rf"(?<![a-z])(?:{'|'.join(_OFFICES)})(?![a-z])")
_SPELT_OUT = re.compile(r"\b(?:[a-z] ){3,}[a-z]\b")


def skeleton(name: str) -> str:
    """The name as an eye reads it: Latin letters in lower case, single spaces."""
    latin = fold(unicodedata.normalize("NFKC", name)).translate(_LOOK_ALIKES)
    words = " ".join("".join(letter if letter.isalpha() else " " for letter in latin).split())
    return _SPELT_OUT.sub(lambda found: found[0].replace(" ", ""), words)


def claims_an_office(name: str, *, reserved: tuple[str, ...] = ()) -> bool:
    """Whether readers could take ``name`` for an institution's. ``reserved``: further names that nobody may sign as (the site's own)."""
    read = skeleton(name)
    return bool(_OFFICE.search(read)) or any(own and own in f" {read} " for own in (f" {skeleton(one)} " for one in reserved if one))
