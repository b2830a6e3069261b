"""Asking: what the question is about, one form with what each kind promises, and the answers that there are already."""

from __future__ import annotations

from datetime import date, datetime

from flask import abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField

from feedback_app.domain.barometer import RevisionKind
from feedback_app.domain.case import REQUEST_KINDS
from feedback_app.domain.contribution import BODY_MAX, BODY_MIN, ContributionKind
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Topic, TopicKind
from feedback_app.services import contributions, topic_search, topics
from feedback_app.services.cases import figure as figures
from feedback_app.services.cases import published
from feedback_app.services.cases.beginning import Figure
from feedback_app.services.cases.published import Alike
from feedback_app.services.revisions import OwnRevision
from feedback_app.services.signing import private_token
from feedback_app.web.access import now, public, public_form
from feedback_app.web.closing import contributing
from feedback_app.web.fields import LengthBetween, Required, Writable, as_typed, one_line
from feedback_app.web.labels import LABELS
from feedback_app.web.language import page_language
from feedback_app.web.public import bp
from feedback_app.web.public.comments import CommentForm
from feedback_app.web.public.same_question import enough_key
from feedback_app.web.transaction import transactional

# What one may count on, under each kind.
PROMISES = {
    ContributionKind.CLARIFICATION: _l("Pourquoi ce résultat, ce retard, ce choix\u00a0? Réponse publique attendue sous 15 jours ouvrés."),
    ContributionKind.DATA_QUESTION: _l(
        "D’où vient ce chiffre, que compte-t-il, où le télécharger\u00a0? Réponse publique attendue sous 15 jours ouvrés."
    ),
    ContributionKind.WRONG_FIGURE: _l("Vous pensez qu’un chiffre est faux. Réponse publique attendue sous 15 jours ouvrés."),
    ContributionKind.ACCESS: _l(
        "Vous demandez un document ou des données. La loi donne un mois pour répondre\u00a0; vous recevez un accusé de réception."
    ),
    ContributionKind.VIEWPOINT: _l("Ce que vous en pensez. Publié avec les commentaires. Personne n’est tenu d’y répondre."),
    ContributionKind.EXPERIENCE: _l("Ce que vous avez vécu. Publié avec les commentaires. Personne n’est tenu d’y répondre."),
}
# A general question is about no figure, and no thread holds a text that is about nothing in particular.
GENERAL_KINDS = {ContributionKind.CLARIFICATION, ContributionKind.DATA_QUESTION, ContributionKind.ACCESS}
WORDS_MAX = 200


class AskForm(CommentForm):
    """A request, a viewpoint or an experience, by anybody with an e-mail address. ``seen``: the answers that there are were shown."""

    kind = RadioField(_l("Que voulez-vous faire\u00a0?"), validators=[Required(_l("Choisissez ce que vous voulez faire."))])
    body = TextAreaField(
        _l("Votre texte"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez votre texte.")), LengthBetween(BODY_MIN, BODY_MAX)],
    )
    seen = HiddenField()

    def __init__(self, topic: Topic, figure: Figure, *, at: datetime) -> None:
        preset = {"kind": ContributionKind.CLARIFICATION.value} if figure.revision_kind else {}
        super().__init__(f"ask:{topic.key}", at=at, data=preset)
        for after_the_text in ("public_name", "email"):  # the summary of mistakes follows the page
            self._fields.move_to_end(after_the_text)
        offered = [kind for kind in PROMISES if topic.kind is not TopicKind.GENERAL or kind in GENERAL_KINDS]
        self.kind.choices = [SelectChoice(kind.value, LABELS[ContributionKind][kind]) for kind in offered]

    def alike(self) -> list[Alike]:
        """The answers that may be enough, shown once before a request is sent; none when nothing resembles it."""
        if self.seen.data or self.kind.data not in REQUEST_KINDS:
            return []
        found = published.answered_like(self.body.data or "")
        self.seen.data = "1" if found else ""
        return found


def _pointed_at(topic: Topic) -> tuple[Figure, OwnRevision | None]:
    """What the address points at, and the published change that it names. What it does not say well, it does not say."""
    said = request.args
    territory = said.get("territoire", "")
    place, day = territory if territory in TERRITORIES else None, _day(said.get("date", ""))
    kind, on = said.get("revision", ""), _day(said.get("edition", ""))
    whole = Figure(place, day, RevisionKind(kind) if kind in set(RevisionKind) else None, on)
    revision = figures.revision(topic.id, whole) if topic.id else None
    return (whole if revision else Figure(place, day)), revision


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@bp.route("/demandes/nouvelle", methods=["GET", "POST"])
@public_form
@transactional
@contributing
def ask() -> str | Response | tuple[str, int]:
    """Ask something about a topic or in general, or share a viewpoint or an experience."""
    if request.method == "GET" and not request.args.get("sujet"):
        return redirect(url_for(".choose_topic"))
    topic = topics.to_ask_about(request.args.get("sujet", "")) or abort(404)
    (figure, revision), earlier, alike = _pointed_at(topic), None, []
    form = AskForm(topic, figure, at=now())
    if form.sent() and not (alike := form.alike()):
        try:
            return redirect(url_for(".private_page", token=_send(form, topic, figure)), 303)
        except contributions.FormAlreadyUsed as used:
            earlier = private_token(used.contribution)
            form.renew_key()
    page = render_template(
        "public/ask.html",
        topic=topic,
        form=form,
        earlier=earlier,
        alike=alike,
        enough=enough_key(form.nonce or "") if alike else None,
        figure=figure,
        revision=revision,
        promises=PROMISES,
        places=TERRITORIES,
    )
    return page, 422 if request.method == "POST" and not alike else 200


def _send(form: AskForm, topic: Topic, figure: Figure) -> str:
    """Send it; the secret part of the address where it can be followed."""
    kind, kept = ContributionKind(form.kind.data), topics.kept(topic)
    key = form.nonce or ""
    sent = contributions.submit(kept, kind, form.new_text(), form_key=key, language=page_language(), at=form.at, figure=figure)
    return private_token(sent)


@bp.get("/demandes/choisir")
@public
def choose_topic() -> str:
    """What the question is about: a commitment or an indicator, found by its words, or nothing in particular."""
    words = one_line(request.args.get("q", ""))[:WORDS_MAX]
    return render_template("public/choose_topic.html", words=words, found=topic_search.matching(words), each=topic_search.EACH)
