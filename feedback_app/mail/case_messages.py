"""E-mails to the person who asked: where their request stands, in words, and what they can do.

All take the same ``About``; ``private_path`` leads to the page where everything is read and done. A ministry signs, never an agent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from feedback_app.domain.case import Verdict
from feedback_app.domain.contribution import Ground
from feedback_app.mail.labels import GROUND_LABELS, VERDICT_LINK_LABELS
from feedback_app.mail.message import Link, Message, day, excerpt, in_its_language, official, short, site
from feedback_app.models import Identity


@dataclass(frozen=True)
class About:
    """The request that a mail is about. ``ministry``: the name of the one that has it; None when nobody is found yet.

    ``public_path``: its page for everybody; None while its text is not published. ``legal``: the law's month is what is promised, and the
    law wants to be said how the ministry is reached, as far as that is known.
    """

    identity: Identity
    reference: str
    topic_title: str
    ministry: str | None
    private_path: str
    public_path: str | None = None
    legal: bool = False
    postal_address: str | None = None
    telephone: str | None = None
    contact_email: str | None = None


def _message(
    about: About,
    reason: str,
    language: str,
    subject: str,
    *paragraphs: str,
    quote: str | None = None,
    button: Link | None = None,
    after: tuple[str, ...] = (),
    links: tuple[Link, ...] = (),
) -> Message:
    """The frame of them all. ``reason`` makes the key: one mail for each."""
    return Message(
        key=f"request:{about.reference}:{reason}",
        identity_id=about.identity.id,
        recipient=about.identity.email,
        language=language,
        subject=_("%(reference)s\u00a0: %(subject)s", reference=about.reference, subject=subject),
        paragraphs=(_("Bonjour,"), *paragraphs),
        quote=quote,
        button=button or Link(_("Suivre ma demande"), about.private_path),
        after=after,
        links=(*links, *((Link(_("La page publique, à partager"), about.public_path),) if about.public_path else ())),
    )


@in_its_language
def confirm(*, about: About, language: str, body: str, confirmation_path: str, attempt: int) -> Message:
    """Somebody asked something and gave this address: is it theirs? It does not hold the private address (a stranger may read this)."""
    return Message(
        key=f"request:{about.reference}:confirm:{attempt}",
        identity_id=about.identity.id,
        recipient=about.identity.email,
        language=language,
        subject=_("Confirmez votre demande %(reference)s", reference=about.reference),
        paragraphs=(
            _("Bonjour,"),
            _(
                "Vous avez écrit une demande sur «\u00a0%(title)s\u00a0». Son numéro\u00a0: %(ref)s.",
                title=about.topic_title,
                ref=about.reference,
            ),
            _("Pour qu’elle nous parvienne, confirmez que cette adresse est la vôtre."),
        ),
        quote=excerpt(body),
        button=Link(_("Confirmer ma demande"), confirmation_path),
        after=(
            _(
                "Votre demande est alors transmise au service qui en répond\u00a0: la loi lui donne un mois. "
                "Son texte est relu avant d’être publié."
            )
            if about.legal
            else _("Votre demande est alors relue, publiée et transmise au ministère. Nous vous écrivons à chaque étape."),
        ),
        closing=(_("Vous n’avez rien écrit\u00a0? Ignorez ce message\u00a0: sans confirmation, personne ne lira cette demande."),),
    )


@in_its_language
def access_receipt(*, about: About, language: str, body: str, received_on: date, refused_on: date, cada_until: date) -> Message:
    """The receipt that the law owes to who asks for a document (CRPA, articles L. 112-3 and R. 112-5)."""
    ministry = about.ministry or _("la coordination du site, qui cherche le service compétent")
    return _message(
        about,
        "receipt",
        language,
        _("accusé de réception de votre demande de document"),
        _(
            "Votre demande est reçue depuis le %(day)s. Service chargé du dossier\u00a0: %(ministry)s.",
            day=day(received_on),
            ministry=ministry,
        ),
        _(
            "Sans réponse, elle sera considérée comme refusée le %(refused)s (un mois après sa réception). "
            "Vous pourrez alors saisir la Commission d’accès aux documents administratifs (CADA, www.cada.fr), gratuitement, "
            "jusqu’au %(until)s. Cette saisine est obligatoire avant tout recours devant le tribunal administratif.",
            refused=day(refused_on),
            until=day(cada_until),
        ),
        *_ways_to_reach(about),
        _("Le texte de votre demande sera publié s’il respecte la charte. S’il ne l’est pas, votre demande est traitée quand même."),
        quote=body,
    )


def _ways_to_reach(about: About) -> tuple[str, ...]:
    """How the service in charge is reached, as the receipt has to say (CRPA, article R. 112-5); what is not known is said to be missing."""
    if about.ministry is None:
        return (_("Pour joindre la coordination du site\u00a0: %(address)s.", address=site().contact_email),)
    known = (
        (_("Adresse postale\u00a0: %(address)s", address=", ".join(about.postal_address.splitlines())) if about.postal_address else ""),
        (_("Téléphone\u00a0: %(number)s", number=about.telephone) if about.telephone else ""),
        (_("Courriel\u00a0: %(address)s", address=about.contact_email) if about.contact_email else ""),
    )
    said = "\n".join(line for line in known if line)
    if not said:
        return (
            _(
                "Ce service ne nous a donné ni adresse postale ni téléphone. Pour le joindre, écrivez-nous\u00a0: %(address)s.",
                address=site().contact_email,
            ),
        )
    return (_("Pour joindre ce service\u00a0:") + "\n" + said,)


@in_its_language
def accepted(*, about: About, language: str, due_on: date | None) -> Message:
    """The text is public, and a ministry owes an answer."""
    who = (
        _("Elle est transmise à\u00a0: %(ministry)s.", ministry=about.ministry)
        if about.ministry
        else _("La coordination du site cherche qui doit y répondre, et vous le dira.")
    )
    when = (
        (_("Réponse attendue au plus tard le %(day)s. Si ce délai est dépassé, la page de votre demande le dira.", day=day(due_on)),)
        if due_on
        else ()
    )
    return _message(about, "accepted", language, _("votre demande est publiée"), _("Votre demande a été relue et publiée."), who, *when)


@in_its_language
def refused(*, about: About, language: str, body: str, ground: Ground, facts: str, goes_on: bool, decision_id: int) -> Message:
    """The text is not published. ``goes_on``: a request for documents is answered all the same, in private."""
    what_now = (
        _("Votre demande de document, elle, continue\u00a0: le ministère l’a reçue et vous répondra, sans que ce soit public.")
        if goes_on
        else _("Personne n’y répondra donc. Vous pouvez écrire une autre demande, sans ce qui a été refusé.")
    )
    return _message(
        about,
        f"refused:{decision_id}",
        language,
        _("le texte de votre demande n’est pas publié"),
        _("Une personne de la modération a lu votre texte et a décidé de ne pas le publier."),
        _("Motif\u00a0: %(ground)s.", ground=GROUND_LABELS[ground]),
        _("Explication\u00a0: %(facts)s", facts=facts),
        quote=body,
        after=(
            what_now,
            _("Si vous pensez que cette décision est une erreur, écrivez-nous\u00a0: %(address)s.", address=site().contact_email),
        ),
    )


@in_its_language
def taken(*, about: About, language: str, ministry_id: int, round_: int) -> Message:
    """Somebody in the ministry works on it."""
    return _message(
        about,
        f"taken:{ministry_id}:{round_}",
        language,
        _("une personne s’occupe de votre demande"),
        _("Chez %(ministry)s, une personne a pris votre demande en charge.", ministry=about.ministry or ""),
    )


@in_its_language
def question(*, about: About, language: str, text_id: int, source: str) -> Message:
    """The ministry needs something from the citizen: the clock stands still."""
    return _message(
        about,
        f"question:{text_id}",
        language,
        _("le ministère vous pose une question"),
        _("Pour pouvoir vous répondre, %(ministry)s vous demande\u00a0:", ministry=about.ministry or ""),
        quote=official(source),
        button=Link(_("Répondre à cette question"), about.private_path),
        after=(
            _("Le délai est suspendu jusqu’à votre réponse."),
            _("Sans réponse sous 60 jours, la demande est mise en sommeil\u00a0: répondre la réveille."),
        ),
    )


@in_its_language
def extension(*, about: About, language: str, text_id: int, source: str, due_on: date | None) -> Message:
    """The ministry takes its one extension."""
    new_day = (_("Nouvelle date\u00a0: au plus tard le %(day)s. C’est la seule prolongation possible.", day=day(due_on)),) if due_on else ()
    return _message(
        about,
        f"extension:{text_id}",
        language,
        _("le délai est prolongé"),
        _("%(ministry)s prolonge le délai de réponse de 15 jours ouvrés, pour cette raison\u00a0:", ministry=about.ministry or ""),
        quote=official(source),
        after=new_day,
    )


@in_its_language
def moved(*, about: About, language: str, version: int, due_on: date | None) -> Message:
    """Another ministry has it now."""
    when = (_("La date de réponse ne change pas\u00a0: au plus tard le %(day)s.", day=day(due_on)),) if due_on else ()
    return _message(
        about,
        f"moved:{version}",
        language,
        _("un autre ministère vous répondra"),
        _("Votre demande relève de\u00a0: %(ministry)s, qui l’a maintenant.", ministry=about.ministry or ""),
        *when,
        *(_ways_to_reach(about) if about.legal else ()),
    )


@in_its_language
def answered(
    *, about: About, language: str, answer_id: int, source: str, rating_paths: dict[Verdict, str], cada_until: date | None = None
) -> Message:
    """An answer is published. It asks at once whether it helped: one link for each of the three answers.

    ``cada_until``: a document that was asked for is not given, or not all of it; until that day the CADA can be turned to.
    """
    return _message(
        about,
        f"answered:{answer_id}",
        language,
        _("une réponse est publiée"),
        _("%(ministry)s répond à votre demande sur «\u00a0%(title)s\u00a0»\u00a0:", ministry=about.ministry or "", title=about.topic_title),
        quote=official(source),
        button=Link(_("Lire la réponse sur ma page"), about.private_path),
        after=(*_ways_out(cada_until), _("Cette réponse répond-elle à votre question\u00a0? Dites-le en un clic\u00a0:")),
        links=_rating_links(rating_paths),
    )


def _ways_out(cada_until: date | None) -> tuple[str, ...]:
    """Where to turn to about a refusal, as the decision has to say (Code de justice administrative, article R. 421-5)."""
    if cada_until is None:
        return ()
    return (
        _(
            "Si le document que vous demandez ne vous est pas donné en entier, vous pouvez saisir gratuitement la Commission d’accès aux "
            "documents administratifs (CADA, www.cada.fr) jusqu’au %(until)s. Cette saisine est obligatoire avant tout recours devant le "
            "tribunal administratif.",
            until=day(cada_until),
        ),
    )


@in_its_language
def corrected(*, about: About, language: str, answer_id: int, source: str, cada_until: date | None = None) -> Message:
    """A published answer has another wording."""
    return _message(
        about,
        f"corrected:{answer_id}",
        language,
        _("la réponse est corrigée"),
        _("%(ministry)s a corrigé sa réponse. La première version reste lisible.", ministry=about.ministry or ""),
        quote=official(source),
        after=_ways_out(cada_until),
    )


@in_its_language
def rating_reminder(*, about: About, language: str, answer_id: int, number: int, rating_paths: dict[Verdict, str]) -> Message:
    """Nobody said whether the answer helped. ``number``: the first or the second, which is the last."""
    return _message(
        about,
        rating_key(about.reference, answer_id, number).removeprefix(f"request:{about.reference}:"),
        language,
        _("cette réponse vous a-t-elle aidé\u00a0?"),
        _(
            "%(ministry)s a répondu à votre demande sur «\u00a0%(title)s\u00a0».",
            ministry=about.ministry or "",
            title=short(about.topic_title),
        ),
        _("A-t-on répondu à votre question\u00a0? Votre avis est compté dans les chiffres publics de ce ministère."),
        after=(_("C’est le dernier rappel.") if number > 1 else _("Si la réponse ne suffit pas, vous pouvez rouvrir votre demande."),),
        links=_rating_links(rating_paths),
    )


@in_its_language
def reopened(*, about: About, language: str, due_on: date | None) -> Message:
    """The citizen found the answer insufficient: a new delay."""
    when = (_("Nouvelle réponse attendue au plus tard le %(day)s.", day=day(due_on)),) if due_on else ()
    return _message(
        about,
        "reopened",
        language,
        _("votre demande est rouverte"),
        _(
            "Votre demande est rouverte, avec ce que vous venez d’écrire\u00a0: %(ministry)s le lit dès maintenant.",
            ministry=about.ministry or "",
        ),
        *when,
    )


def rating_key(reference: str, answer_id: int, number: int) -> str:
    """The key of such a reminder, for whoever must not owe it any more."""
    return f"request:{reference}:rating:{answer_id}:{number}"


def _rating_links(paths: dict[Verdict, str]) -> tuple[Link, ...]:
    return tuple(Link(str(VERDICT_LINK_LABELS[verdict]), path) for verdict, path in paths.items())
