"""Every component on one page."""

from __future__ import annotations

from flask import render_template

from feedback_app.web.access import public_form
from feedback_app.web.catalogue import bp
from feedback_app.web.catalogue.samples import catalogue_context


@bp.get("/composants")
@public_form
def components() -> str:
    """Every component in all its states, for those who build pages."""
    return render_template("catalogue/components.html", **catalogue_context())
