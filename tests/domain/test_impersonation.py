"""Names that pass for an institution's are recognised however they are dressed; people's are left alone."""

from __future__ import annotations

import pytest

from feedback_app.domain.impersonation import claims_an_office
from feedback_app.domain.text import clean_name


@pytest.mark.parametrize(
    "name",
    [
        "Ministère de la Santé",
        "MINISTERE DE LA SANTE",
        "Le ministre",
        "M\u0456nistère de la Santé",  # Cyrillic і
        "Min1stère de la Santé",
        "Μinistère",  # Greek capital mu is not in the table: its small form is
        "Ｍｉｎｉｓｔｅｒｅ",
        "𝐌𝐢𝐧𝐢𝐬𝐭𝐞̀𝐫𝐞",
        "m i n i s t è r e",
        "Mini\u200bstère",
        "Réponse officielle",
        "Réponse-officielle",
        "Оfficiel",  # Cyrillic О
        "Équipe de modération",
        "Préfecture du Rhône",
        "République française",
        "Service public",
        "Devoir de suite",
        "L’équipe de Devoir de Suite",
    ],
)
def test_a_name_that_claims_an_office_is_recognised(name):
    assert claims_an_office(clean_name(name), reserved=("Devoir de suite",))


@pytest.mark.parametrize(
    "name",
    [
        "Jeanne D.",
        "Zoé",
        "Ministrello Rossi",
        "Prefetti",
        "Association des usagers du Rhône",
        "Anne-Marie l’Officier",
        "D.",
        "李",
        "Олена",
        "",
    ],
)
def test_people_and_associations_keep_their_names(name):
    assert not claims_an_office(name, reserved=("Devoir de suite", ""))


@pytest.mark.parametrize("seal", "✓✔✅☑√🗸🏛🛡🎖🏅🥇⭐★🔒🇫🇷®™")
def test_what_looks_like_a_seal_never_stays_in_a_name(seal):
    assert clean_name(f"Jeanne {seal}\ufe0f") == "Jeanne"
