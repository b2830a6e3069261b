"""The mails about a person's own data. The manner is that of ``messages``."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _

from feedback_app.domain.privacy import TextsChoice
from feedback_app.mail.message import Link, Message, in_its_language, site
from feedback_app.models import Identity


@in_its_language
def export_ready(*, identity: Identity, language: str, hours: int, path: str, export_id: int) -> Message:
    """The copy of their data that somebody asked for is ready, for so many ``hours``."""
    return Message(
        key=f"export-ready:{export_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("La copie de vos données est prête"),
        paragraphs=(
            _("Bonjour,"),
            _("Vous avez demandé une copie de tout ce que %(site)s sait de vous. Elle est prête.", site=site().name),
            ngettext(
                "Le lien sert une seule fois, pendant %(num)s heure. Ensuite, la copie est supprimée.",
                "Le lien sert une seule fois, pendant %(num)s heures. Ensuite, la copie est supprimée.",
                hours,
            ),
            _("Vous pourrez en demander une autre."),
        ),
        button=Link(_("Télécharger mes données"), path),
        after=(_("Ne transmettez ce message à personne\u00a0: ce lien donne accès à tout ce que vous avez écrit ici."),),
        closing=(_("Vous n’avez rien demandé\u00a0? Écrivez-nous\u00a0: %(address)s.", address=site().contact_email),),
    )


@in_its_language
def erasure_asked(*, identity: Identity, language: str, texts: TextsChoice, due_at: datetime, path: str, erasure_id: int) -> Message:
    """Somebody asked to be erased: when it happens, what stays, and the link that stops it."""
    stays = (
        _("Vos textes publiés resteront en ligne, signés «\u00a0compte supprimé\u00a0». Vos autres textes seront effacés.")
        if texts is TextsChoice.KEEP
        else _("Vos textes seront retirés du site et effacés.")
    )
    return Message(
        key=f"erasure-asked:{erasure_id}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("L’effacement de vos données est prévu"),
        paragraphs=(
            _("Bonjour,"),
            _(
                "Vous avez demandé l’effacement de tout ce que %(site)s sait de vous. Il aura lieu le %(date)s.",
                site=site().name,
                date=format_datetime(due_at, "long"),
            ),
            stays,
            _("Jusque-là, vous pouvez changer d’avis. Ensuite, personne ne pourra revenir en arrière."),
        ),
        button=Link(_("Ne rien effacer"), path),
        after=(_("C’est notre dernier message\u00a0: une fois votre adresse effacée, nous ne pourrons plus vous écrire."),),
        closing=(
            _("Vous n’avez rien demandé\u00a0? Utilisez le bouton, puis écrivez-nous\u00a0: %(address)s.", address=site().contact_email),
        ),
    )


@in_its_language
def account_unused(*, identity: Identity, language: str, due_at: datetime, path: str, day: date) -> Message:
    """Nobody has used this account for long: it will be erased unless its owner signs in. ``day``: of the warning."""
    return Message(
        key=f"account-unused:{identity.id}:{day}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("Votre espace sera bientôt effacé"),
        paragraphs=(
            _("Bonjour,"),
            _("Vous n’avez pas utilisé %(site)s depuis longtemps.", site=site().name),
            _(
                "Nous ne gardons pas les données des personnes qui ne viennent plus\u00a0: votre adresse et votre nom seront effacés "
                "le %(date)s. Vos textes publiés resteront, signés «\u00a0compte supprimé\u00a0».",
                date=format_datetime(due_at, "long"),
            ),
        ),
        button=Link(_("Garder mon espace"), path),
        after=(_("Il suffit de vous connecter une fois. Si vous n’y tenez pas, vous n’avez rien à faire."),),
    )
