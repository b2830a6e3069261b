"""Pages for everybody, and the forms and private addresses of citizens."""

from flask import Blueprint

bp = Blueprint("public", __name__)

from feedback_app.web.public import (  # noqa: E402, F401  # noqa: E402, F401
    ask,
    barometers,
    citizen_requests,
    comments,
    commitment,
    commitments,
    editions,
    home,
    indicators,
    legal,
    meetings,
    monitoring,
    open_data,
    own_request,
    own_text,
    same_question,
    transparency,
)
