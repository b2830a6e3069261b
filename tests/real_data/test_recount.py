"""What the site says each edition changed, against a recount that shares no code with it: every kind, every size."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from feedback_app.database import db
from feedback_app.models import FigureRevision
from tests.real_data.recount import compare, new_observations, read_first_format, read_second_format
from tests.real_data.test_editions import folder, load

READERS = {"premier": (read_first_format, "2021-05-07", "2023-01-19"), "second": (read_second_format, "2024-05-31", "2024-10-17")}


@pytest.mark.parametrize("barometer", READERS)
def test_the_site_and_a_recount_agree_on_every_kind_and_size_of_revision(app: Flask, barometer: str) -> None:
    read, *dates = READERS[barometer]
    old, new = (read(folder(barometer, on)) for on in dates)
    assert app.test_cli_runner().invoke(args=["barometer", "create", barometer, "--name", barometer]).exit_code == 0
    *_earlier, report = [load(app, barometer, on, "--publish") for on in dates]
    statement = select(FigureRevision.kind, FigureRevision.size, func.count()).group_by(FigureRevision.kind, FigureRevision.size)
    with app.app_context():
        stored = {(kind.value, size.value): count for kind, size, count in db.session.execute(statement)}
    assert stored == {(f"{what}_{kind}", size): count for (what, kind, size), count in compare(old, new).items()}
    assert report["new_observations"] == new_observations(old, new)


def test_the_recount_sees_each_kind(tmp_path) -> None:
    """Against two editions of three lines: a recount that cannot see would agree with anything."""
    head = "indic_id,enforce_zone_id,metric_enforce_date,maille,indic_vi,indic_va,indic_vc,indic_ta"
    editions = []
    for name, lines in (
        (
            "old",
            [
                "I,FRANCE,2022-01-01,NAT,5,5,,",
                "I,FRANCE,2023-01-01,NAT,,98.979946,,",
                "I,FRANCE,2023-02-01,NAT,,7,,",
                "I,D69,2026-01-01,DEPT,,,80,",
            ],
        ),
        (
            "new",
            [
                "I,FRANCE,2022-01-01,NAT,6,5.0000000001,,",
                "I,FRANCE,2023-01-01,NAT,,98.98,,",
                "I,D69,2027-01-01,DEPT,,,80,",
                "J,D69,2027-01-01,DEPT,1,,,",
            ],
        ),
    ):
        edition = tmp_path / name
        (edition / "data").mkdir(parents=True)
        (edition / "metadata").mkdir()
        (edition / "data" / "ind.csv").write_text("\n".join([head, *lines]))
        (edition / "metadata" / "meta_indicateurs.csv").write_text(f"indic_id,indic_nom_baro\nI,{name}\nJ,j\n")
        (edition / "config-viz.yml").write_text("indicateurs: [{id: I, unite: x, tendance: hausse}]")
        editions.append(read_second_format(edition))
    assert compare(*editions) == Counter(
        {
            ("indicator", "added", "real"): 1,
            ("baseline", "changed", "real"): 1,
            ("observation", "changed", "rounding"): 1,
            ("observation", "removed", "real"): 1,
            ("target", "moved", "real"): 1,
            ("name", "changed", "real"): 1,
        }
    )
