"""One function per e-mail: what it says, in the language of the person who reads it.

Each takes ``language`` (a locale code) and gives a ``Message`` whose words are already in that language. Paths are those of
``domain/addresses``; ``rendering`` makes them absolute. ``key`` names the reason for the mail: the same reason, one mail.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.domain import addresses
from feedback_app.domain.contribution import Ground
from feedback_app.mail.labels import GROUND_LABELS
from feedback_app.mail.message import Link, Message
from feedback_app.mail.message import excerpt as _excerpt
from feedback_app.mail.message import in_its_language as _in_its_language
from feedback_app.mail.message import official as _official
from feedback_app.mail.message import short as _short
from feedback_app.mail.message import site as _site
from feedback_app.models import Identity

__all__ = ["Link", "Message"]


@_in_its_language
def confirm_contribution(
    *,
    identity: Identity,
    language: str,
    topic_title: str,
    body: str,
    confirmation_path: str,
    contribution_id: int,
    attempt: int = 1,
) -> Message:
    """Somebody wrote a text and gave this address: is it theirs? ``attempt`` counts the mails sent for one contribution.

    It does not hold the private address: until it is confirmed, whoever reads this may be a stranger whose address was mistyped.
    """
    return Message(
        key=f"confirm-contribution:{contribution_id}:{attempt}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Confirmez votre texte sur «\u00a0%(title)s\u00a0»", title=_short(topic_title)),
        paragraphs=(
            _("Bonjour,"),
            _("Vous avez écrit un texte sur «\u00a0%(title)s\u00a0».", title=topic_title),
            _("Pour qu’il nous parvienne, confirmez que cette adresse est la vôtre."),
        ),
        quote=_excerpt(body),
        button=Link(_("Confirmer mon texte"), confirmation_path),
        after=(
            _(
                "Rien n’est publié avant cette confirmation, puis la relecture de votre texte par une personne de la modération. "
                "Nous vous écrirons dès qu’elle aura décidé."
            ),
        ),
        closing=(_("Vous n’avez rien écrit\u00a0? Ignorez ce message\u00a0: sans confirmation, rien ne sera publié."),),
    )


@_in_its_language
def me_too(*, identity: Identity, language: str, reference: str, topic_title: str, path: str, key: str) -> Message:
    """Somebody asks the same as a public request and gave this address: is it theirs? Its text is not quoted: it may change."""
    return Message(
        key=key,
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("«\u00a0Moi aussi\u00a0»\u00a0: confirmez pour la demande %(reference)s", reference=reference),
        paragraphs=(
            _("Bonjour,"),
            _(
                "Vous avez dit «\u00a0Moi aussi\u00a0» pour la demande %(reference)s, sur «\u00a0%(title)s\u00a0».",
                reference=reference,
                title=topic_title,
            ),
            _("Pour que cela compte, confirmez que cette adresse est la vôtre. Ni votre adresse ni votre nom ne sont publiés."),
        ),
        button=Link(_("Confirmer"), path),
        after=(_("Gardez ce message\u00a0: la même page permet de retirer votre «\u00a0Moi aussi\u00a0»."),),
        links=(Link(_("Lire la demande et ce que le ministère répond"), addresses.request_page(reference)),),
        closing=(_("Vous n’avez rien demandé\u00a0? Ignorez ce message\u00a0: rien ne sera compté."),),
    )


@_in_its_language
def text_published(
    *, identity: Identity, language: str, topic_title: str, body: str, topic_path: str, private_path: str, decision_id: int
) -> Message:
    """A moderator published the text."""
    return Message(
        key=f"text-published:{decision_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Votre texte sur «\u00a0%(title)s\u00a0» est publié", title=_short(topic_title)),
        paragraphs=(
            _("Bonjour,"),
            _("Votre texte sur «\u00a0%(title)s\u00a0» a été relu et publié. Tout le monde peut maintenant le lire.", title=topic_title),
        ),
        quote=body,
        button=Link(_("Voir la page"), topic_path),
        after=(_("Si vous le corrigez, la nouvelle version sera relue avant de remplacer celle-ci. Vous pouvez aussi le retirer."),),
        links=(Link(_("Relire, corriger ou retirer votre texte"), private_path),),
    )


@_in_its_language
def text_rejected(
    *,
    identity: Identity,
    language: str,
    topic_title: str,
    body: str,
    ground: Ground,
    facts: str,
    private_path: str,
    decision_id: int,
    still_public: bool = False,
) -> Message:
    """A moderator refused the text: the typed ground, the facts, and what its author can do.

    ``still_public``: it was a correction, and the version published before stays.
    """
    title = _short(topic_title)
    return Message(
        key=f"text-rejected:{decision_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Votre correction sur «\u00a0%(title)s\u00a0» n’est pas publiée", title=title)
        if still_public
        else _("Votre texte sur «\u00a0%(title)s\u00a0» n’est pas publié", title=title),
        paragraphs=(
            _("Bonjour,"),
            _(
                "Une personne de la modération a lu votre texte sur «\u00a0%(title)s\u00a0» et a décidé de ne pas le publier.",
                title=topic_title,
            ),
            _("Motif\u00a0: %(ground)s.", ground=GROUND_LABELS[ground]),
            _("Explication\u00a0: %(facts)s", facts=facts),
            _("Voici le texte concerné\u00a0:"),
        ),
        quote=body,
        button=Link(_("Voir ce texte et la décision"), private_path),
        after=_after_rejection(still_public=still_public),
    )


def _after_rejection(*, still_public: bool) -> tuple[str, ...]:
    return (
        _("La version publiée auparavant reste en ligne. Vous pouvez la corriger de nouveau ou la retirer.")
        if still_public
        else _("Vous pouvez écrire un autre texte sur le même sujet\u00a0: il sera lu à son tour."),
        _("Si vous pensez que cette décision est une erreur, écrivez-nous\u00a0: %(address)s.", address=_site().contact_email),
    )


@_in_its_language
def comment_answered(
    *,
    identity: Identity,
    language: str,
    topic_title: str,
    ministry: str,
    source: str,
    topic_path: str,
    private_path: str,
    reply_id: int,
) -> Message:
    """A ministry published its official reply to a comment. A later correction of the reply is no further mail."""
    return Message(
        key=f"comment-answered:{reply_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Réponse officielle à votre commentaire sur «\u00a0%(title)s\u00a0»", title=_short(topic_title)),
        paragraphs=(
            _("Bonjour,"),
            _(
                "%(ministry)s répond à votre commentaire sur «\u00a0%(title)s\u00a0». Cette réponse est publiée sous votre texte\u00a0:",
                ministry=ministry,
                title=topic_title,
            ),
        ),
        quote=_official(source),
        button=Link(_("Lire la réponse sur la page"), topic_path),
        links=(Link(_("Relire, corriger ou retirer votre texte"), private_path),),
    )


@_in_its_language
def sign_in_link(*, identity: Identity, language: str, path: str, minutes: int, link_id: int) -> Message:
    """A one-time link, valid for ``minutes``, for somebody who may sign in."""
    return Message(
        key=f"sign-in-link:{link_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Votre lien de connexion à %(site)s", site=_site().name),
        paragraphs=(
            _("Bonjour,"),
            _(
                "Voici le lien que vous avez demandé pour vous connecter. Il sert une seule fois, pendant %(minutes)s minutes.",
                minutes=minutes,
            ),
        ),
        button=Link(_("Me connecter"), path),
        after=(_("Ne transmettez ce message à personne\u00a0: ce lien ouvre votre espace."),),
        closing=(
            _("Vous n’avez rien demandé\u00a0? Ignorez ce message\u00a0: sans ce lien, personne ne peut se connecter à votre place."),
        ),
    )


@_in_its_language
def unknown_address(*, recipient: str, language: str, link_id: int) -> Message:
    """Somebody asked for a sign-in link with an address under which nobody may sign in."""
    return Message(
        key=f"unknown-address:{link_id}",
        identity_id=None,
        recipient=recipient,
        language=language,
        subject=_("Votre demande de connexion à %(site)s", site=_site().name),
        paragraphs=(
            _("Bonjour,"),
            _(
                "Quelqu’un, peut-être vous, a demandé à se connecter à %(site)s avec cette adresse. "
                "Nous n’y connaissons ni compte, ni texte confirmé\u00a0: il n’y a donc pas d’espace à ouvrir.",
                site=_site().name,
            ),
            _("Si c’était vous, recommencez avec l’adresse que vous aviez donnée en écrivant votre texte."),
        ),
        closing=(_("Vous n’avez rien demandé\u00a0? Vous n’avez rien à faire."),),
    )


@_in_its_language
def invitation(*, identity: Identity, language: str, inviter: str | None, event_id: int) -> Message:
    """An administrator opened an account for a colleague. It holds no secret: whoever reads the mailbox asks for a sign-in link."""
    site = _site().name
    return Message(
        key=f"invitation:{event_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Votre accès à %(site)s est ouvert", site=site),
        paragraphs=(
            _("Bonjour,"),
            _("%(inviter)s vous a ouvert un accès à %(site)s.", inviter=inviter, site=site)
            if inviter
            else _("Un accès à %(site)s vous est ouvert.", site=site),
            _("Il n’y a pas de mot de passe\u00a0: donnez cette adresse électronique, et vous recevrez un lien de connexion."),
            _("La première fois, vous associerez aussi une application d’authentification, sur votre téléphone par exemple."),
        ),
        button=Link(_("Ouvrir mon espace"), addresses.space()),
        closing=(_("Ce message n’était pas pour vous\u00a0? Ignorez-le\u00a0: sans votre messagerie, personne n’entre à votre place."),),
    )


@_in_its_language
def assessor_named(*, identity: Identity, language: str, organisation: str, assessor_id: int) -> Message:
    """An administrator let somebody assess in the name of an organisation. It holds no secret, as ``invitation``."""
    site = _site().name
    return Message(
        key=f"assessor-named:{assessor_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Vous évaluez les engagements au nom de %(organisation)s", organisation=_short(organisation)),
        paragraphs=(
            _("Bonjour,"),
            _("%(site)s reconnaît %(organisation)s, et vous confie d’évaluer en son nom.", site=site, organisation=organisation),
            _("Vous dites où en est un engagement. Votre texte est relu, puis publié à côté de ce que dit le ministère, sans votre nom."),
            _("Il n’y a pas de mot de passe\u00a0: donnez cette adresse électronique, et vous recevrez un lien de connexion."),
        ),
        button=Link(_("Ouvrir mes évaluations"), addresses.own_assessments()),
        closing=(_("Ce message n’était pas pour vous\u00a0? Ignorez-le\u00a0: sans votre messagerie, personne n’entre à votre place."),),
    )


@_in_its_language
def second_factor_enrolled(*, identity: Identity, language: str, session_id: int) -> Message:
    """Somebody who reads this mailbox has tied an authenticator application to the account."""
    return _about_second_factor(
        f"second-factor-enrolled:{session_id}",
        identity,
        language,
        _("Votre connexion en deux étapes est activée"),
        _("Une application d’authentification vient d’être associée à votre compte. Elle vous sera demandée à chaque connexion."),
    )


@_in_its_language
def second_factor_reset(*, identity: Identity, language: str, event_id: int) -> Message:
    """An administrator or the operator made the account forget its second factor."""
    return _about_second_factor(
        f"second-factor-reset:{event_id}",
        identity,
        language,
        _("Votre connexion en deux étapes est à refaire"),
        _(
            "L’administration du site a effacé l’application d’authentification et les codes de secours de votre compte. "
            "Vos sessions sont fermées. À votre prochaine connexion, vous associerez une nouvelle application."
        ),
    )


@_in_its_language
def recovery_code_used(*, identity: Identity, language: str, left: int, code_hash: str) -> Message:
    """A recovery code opened a session; ``left``: how many remain."""
    return _about_second_factor(
        f"recovery-code-used:{code_hash}",
        identity,
        language,
        _("Un code de secours a servi à vous connecter"),
        ngettext("Il vous reste %(num)s code de secours.", "Il vous reste %(num)s codes de secours.", left),
    )


def _about_second_factor(key: str, identity: Identity, language: str, subject: str, what: str) -> Message:
    warning = _("Ce n’était pas vous\u00a0? Écrivez tout de suite à %(address)s.", address=_site().contact_email)
    return Message(
        key=key,
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=subject,
        paragraphs=(_("Bonjour,"), what),
        closing=(warning,),
    )
