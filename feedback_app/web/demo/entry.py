"""What the demo is, and a button to sign in as each of its people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flask import abort, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from feedback_app.demo import plan_file
from feedback_app.demo.people import PEOPLE, Person, person, sign_in_as
from feedback_app.demo.tours import TOURS
from feedback_app.domain.addresses import commitment_key
from feedback_app.domain.browser import browser_name
from feedback_app.domain.calendar import day_of
from feedback_app.domain.policy import Role
from feedback_app.web.access import now, public_form
from feedback_app.web.account.sign_in import own_path, start_page
from feedback_app.web.demo import bp
from feedback_app.web.labels import label
from feedback_app.web.presentation import written_in
from feedback_app.web.sessions import open_browser_session
from feedback_app.web.transaction import transactional


@bp.get("", strict_slashes=False)
@public_form
def index() -> str:
    """The way into the demo."""
    plan = plan_file.plan()
    subject = commitment_key(plan.slug, 1) if plan else None
    # In the language of this page, like every other link.
    tours = [(tour, [(stop, request.script_root + stop.path) for stop in tour.stops()]) for tour in TOURS] if plan else []
    return render_template("demo/index.html", groups=list(_groups()), tours=tours, plan=plan, subject=subject, rights=_rights)


@bp.post("/entrer/<key>")
@public_form
@transactional
def enter(key: str) -> Response:
    """Sign in as one of the demo's people, and go on to ``suite`` if a tour says so, else to where they work.

    No form key: a visitor may press at once, and the door refuses other sites' forms.
    """
    chosen = person(key) or abort(404)
    try:
        row, secret = sign_in_as(chosen, at=now(), machine=request.remote_addr, browser=browser_name(request.user_agent.string))
    except LookupError:
        abort(404)
    open_browser_session(row, secret)
    wanted = own_path(request.form.get("suite", ""))
    return redirect(wanted or start_page(current_user.actor), 303)


def _groups() -> Iterator[tuple[str, list[Person]]]:
    """The people, by where they belong."""
    for title, people in groupby(PEOPLE, key=_group):
        yield title, list(people)


def _group(person: Person) -> str:
    if person.memberships:
        names = {ministry.slug: ministry.name for ministry in plan_file.plan_file(day_of(now())).ministries}
        return written_in(names[person.memberships[0][0]])
    if Role.MODERATOR in person.roles:
        return str(_("Modération"))
    return str(_("Coordination et administration") if person.roles else _("Citoyens"))


def _rights(person: Person) -> list[str]:
    """What the person holds, in words."""
    return [label(role) for role in person.roles] + [label(kind) for _slug, kind in person.memberships]
