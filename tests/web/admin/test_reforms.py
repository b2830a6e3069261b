"""An administrator says which ministry answers for which reform."""

from __future__ import annotations

import pytest

from feedback_app.database import db
from feedback_app.models import Reform, Topic
from tests.barometers import edition_file, indicator

HOME = "/admin/barometre/essai/"


def test_several_reforms_are_given_to_a_ministry_and_their_topics_follow(admin, barometer, make):
    ministry = make.ministry("Ministère des guichets")
    file = edition_file(indicator(), indicator("IND-002", {"FRANCE": {"2025-12-31": "1"}}, reform="CH-002"))
    make.edition(file, barometer=barometer)
    page = admin.get_page(f"{HOME}reformes")
    values = [box.get("value") for box in page.all("input") if box.get("type") == "checkbox"]
    assert values == ["0.CH-001", "0.CH-002"]
    answer = admin.post(f"{HOME}reformes", data={**page.form(), "reform": values, "ministry": ministry.slug})
    assert "2 réformes ont changé de ministère" in admin.get_page(answer.location).text()
    assert {topic.ministry_id for topic in make.all(Topic)} == {ministry.id}


def test_reforms_of_no_ministry_come_first_and_successors_are_shown(admin, barometer, make, app):
    old, new = make.ministry("Ministère d’avant"), make.ministry("Ministère d’après")
    file = edition_file(indicator(), indicator("IND-002", {"FRANCE": {"2025-12-31": "1"}}, reform="CH-002"))
    make.edition(file, barometer=barometer)
    form = admin.get_page(f"{HOME}reformes").form()
    admin.post(f"{HOME}reformes", data={**form, "reform": "0.CH-001", "ministry": old.slug})
    with make._work():
        db.session.merge(old).successor_id = new.id
    page = admin.get_page(f"{HOME}reformes")
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all("main//tbody/tr")]
    assert rows[0].startswith("CH-002")
    assert "Remplacé par Ministère d’après" in rows[1]
    assert old.slug not in [option.get("value") for option in page.all("option")]


def test_a_reform_that_somebody_else_has_given_away_meanwhile_stays_there(admin, barometer, make):
    first, second = make.ministry(), make.ministry()
    make.edition(barometer=barometer)
    form = {**admin.get_page(f"{HOME}reformes").form(), "reform": "0.CH-001"}
    admin.post(f"{HOME}reformes", data={**form, "ministry": first.slug})
    assert admin.post(f"{HOME}reformes", data={**form, "ministry": second.slug}).status_code == 409
    assert [reform.ministry_id for reform in make.all(Reform)] == [first.id]


@pytest.mark.parametrize("reform", ["", "0.", "0.CH-999", "x.CH-001", "-1.CH-001", "²." + "9" * 40, "1" * 5_000])
def test_a_made_up_reform_or_ministry_changes_nothing(admin, barometer, make, reform):
    ministry = make.ministry()
    make.edition(barometer=barometer)
    form = admin.get_page(f"{HOME}reformes").form()
    assert admin.post(f"{HOME}reformes", data={**form, "reform": reform, "ministry": ministry.slug}).status_code == 400
    assert admin.post(f"{HOME}reformes", data={**form, "reform": "0.CH-001", "ministry": "nulle-part"}).status_code == 400
    assert [one.ministry_id for one in make.all(Reform)] == [None]


def test_nothing_chosen_is_said(admin, barometer, make):
    make.edition(barometer=barometer)
    form = admin.get_page(f"{HOME}reformes").form()
    assert "Cochez au moins une réforme" in admin.page(admin.post(f"{HOME}reformes", data={**form, "ministry": "-"})).text()
    page = admin.page(admin.post(f"{HOME}reformes", data={**form, "reform": "0.CH-001"}))
    assert "Choisissez un ministère" in page.text()
    assert page.form()["reform"] == "0.CH-001", "what was ticked stays ticked"
