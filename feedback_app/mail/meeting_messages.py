"""E-mails to somebody who proposed a meeting: a moderator published it, refused it, or took it off the site."""

from __future__ import annotations

from flask_babel import gettext as _

from feedback_app.domain.contribution import Ground, TextAction
from feedback_app.mail.labels import GROUND_LABELS
from feedback_app.mail.message import Link, Message, in_its_language, short, site
from feedback_app.models import Identity


@in_its_language
def decided(
    *,
    identity: Identity,
    language: str,
    title: str,
    action: TextAction,
    ground: Ground | None,
    facts: str | None,
    meeting_path: str,
    private_path: str,
    decision_id: int,
) -> Message:
    """What a moderator decided on a proposal. All but to publish it carries a ground and facts, and says what its author can do."""
    subjects = {
        TextAction.PUBLISH: _("Votre rendez-vous «\u00a0%(title)s\u00a0» est publié", title=short(title)),
        TextAction.REJECT: _("Votre rendez-vous «\u00a0%(title)s\u00a0» n’est pas publié", title=short(title)),
        TextAction.TAKE_OFF: _("Votre rendez-vous «\u00a0%(title)s\u00a0» n’est plus publié", title=short(title)),
    }
    published = action is TextAction.PUBLISH
    return Message(
        key=f"meeting-decided:{decision_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=subjects[action],
        paragraphs=(_("Bonjour,"), *(_published(title) if published else _not_public(title, action, ground, facts))),
        button=Link(_("Voir la page"), meeting_path) if published else Link(_("Voir ce texte et la décision"), private_path),
        after=(
            _("Il change de jour ou de lieu\u00a0? Retirez-le, puis proposez-le de nouveau\u00a0: il sera relu de la même façon.")
            if published
            else _("Vous pouvez proposer un autre rendez-vous\u00a0: il sera lu à son tour."),
            *(() if published else (_second_thoughts(),)),
        ),
        links=(Link(_("Relire ou retirer votre proposition"), private_path),) if published else (),
    )


def _published(title: str) -> tuple[str, ...]:
    return (
        _(
            "Le rendez-vous que vous avez proposé, «\u00a0%(title)s\u00a0», a été relu et publié. "
            "Tout le monde peut maintenant le lire, et l’ajouter à son agenda.",
            title=title,
        ),
    )


def _not_public(title: str, action: TextAction, ground: Ground | None, facts: str | None) -> tuple[str, ...]:
    if ground is None or not facts:
        raise LookupError("what is not published has a ground and facts")
    return (
        _(
            "Une personne de la modération a lu le rendez-vous que vous avez proposé, «\u00a0%(title)s\u00a0», "
            "et a décidé de ne pas le publier.",
            title=title,
        )
        if action is TextAction.REJECT
        else _(
            "Une personne de la modération a retiré du site le rendez-vous que vous aviez proposé, «\u00a0%(title)s\u00a0». "
            "Plus aucune page, aucun agenda ne le montre.",
            title=title,
        ),
        _("Motif\u00a0: %(ground)s.", ground=GROUND_LABELS[ground]),
        _("Explication\u00a0: %(facts)s", facts=facts),
    )


def _second_thoughts() -> str:
    return _("Si vous pensez que cette décision est une erreur, écrivez-nous\u00a0: %(address)s.", address=site().contact_email)
