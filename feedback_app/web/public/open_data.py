"""What can be downloaded, and what each column of each file says."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, render_template

from feedback_app.services import commitments as plans
from feedback_app.services import results
from feedback_app.web.access import public
from feedback_app.web.data_files import DataFile
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp, commitments, editions, transparency

# Which file each address gives. A test holds it against the URL map: no file of open data goes without its description.
FILES: Mapping[str, DataFile] = {
    "public.commitments_file": commitments.FILE,
    "public.edition_file": editions.FILE,
    "public.answers_given_file": transparency.FILE,
}


@bp.get("/donnees-ouvertes/")
@public
@cached()
def open_data() -> str:
    """The files, one after the other: where they are, how fresh, under which licence, and their columns."""
    licence = current_app.config["SETTINGS"].site.data_licence
    shown = {"plans": plans.plans(), "barometers": [barometer for barometer, _date in results.public_barometers()]}
    contents = [(file.title, f"#{file.anchor}") for file in FILES.values()]
    return render_template("public/open_data.html", files=FILES.values(), contents=contents, licence=licence, **shown)
