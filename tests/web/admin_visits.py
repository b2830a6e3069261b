"""The administrator's pages of people, ministries, settings and health, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.pages import Page

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
ADMIN_BUTTONS = {"admin.retry_all", "admin.retry_mail"}


def admin(path: str) -> Callable[[Site], Page]:
    return lambda site: site.boss.get_page(site.admin(path))


def admin_refused(path: str, status: int = 422, **values: str) -> Callable[[Site], Page]:
    """An administrator's form, sent with faults."""

    def visit(site: Site) -> Page:
        answer = site.boss.send(site.admin(path), values)
        assert answer.status_code == status
        return site.boss.page(answer)

    return visit


def _person_with_a_history(site: Site) -> Page:
    """Invited, given rights, narrowed, deactivated."""
    path = site.admin("personnes/{contact}")
    site.boss.send(f"{path}/modifier", {"name": "Zoé M."})
    site.boss.send(site.admin("habilitations/{membership}/perimetre"), {"territories": "D69"})
    site.boss.send(f"{path}/desactiver")
    site.boss.send(f"{path}/reactiver")
    return site.boss.get_page(path)


def _succeeds_itself(site: Site) -> Page:
    return admin_refused("ministeres/{ministry}/successeur", successor=site.owner.slug)(site)


def _dead_letter(site: Site) -> Page:
    site.make.dead_letter()
    return site.boss.get_page(site.admin("sante"))


def _retried(site: Site) -> Page:
    site.make.dead_letter()
    site.boss.post(site.admin("sante/relancer"), data=site.boss.get_page(site.admin("sante")).form(-1))
    return site.boss.get_page(site.admin("sante"))


def _closed(site: Site) -> Page:
    """The form of a comment while citizens cannot write, with what had been typed."""
    site.boss.send(site.admin("reglages"), {"contributions": "closed"})
    answer = site.browser().post(f"/en/commenter?sujet={site.commitment.topic.key}", data={"body": "Un premier texte, assez long."})
    site.boss.send(site.admin("reglages"), {"contributions": "open"})
    return site.browser().page(answer)


ADMIN_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "administration": ("admin.index", admin("")),
    "people": ("admin.list_people", admin("personnes")),
    "people, none": ("admin.list_people", admin("personnes?q=zzz&role=moderator")),
    "person": ("admin.person", _person_with_a_history),
    "own page": ("admin.person", lambda site: site.boss.get_page(f"/en/admin/personnes/{site.contact.id + 1}")),
    "edit person": ("admin.edit_person", admin("personnes/{contact}/modifier")),
    "edit person, wrong": ("admin.edit_person", admin_refused("personnes/{contact}/modifier", name="")),
    "edit person, overtaken": ("admin.edit_person", admin_refused("personnes/{contact}/modifier", 409, seen_version="99")),
    "invite": ("admin.invite", admin("personnes/inviter")),
    "invite, wrong": ("admin.invite", admin_refused("personnes/inviter", email="x", name="n" * 90)),
    "deactivate": ("admin.deactivate", admin("personnes/{contact}/desactiver")),
    "reactivate": ("admin.reactivate", admin("personnes/{contact}/reactiver")),
    "reset second factor": ("admin.reset_second_factor", admin("personnes/{contact}/second-facteur")),
    "add membership": ("admin.add_membership", admin("personnes/{contact}/habilitations/nouvelle")),
    "add membership, empty": ("admin.add_membership", admin_refused("personnes/{contact}/habilitations/nouvelle")),
    "narrow membership": ("admin.narrow_membership", admin("habilitations/{membership}/perimetre")),
    "narrow membership, wrong": ("admin.narrow_membership", admin_refused("habilitations/{membership}/perimetre", territories="D999")),
    "end membership": ("admin.end_membership", admin("habilitations/{membership}/retirer")),
    "ministries": ("admin.list_ministries", admin("ministeres")),
    "ministries, none": ("admin.list_ministries", admin("ministeres?q=zzz")),
    "new ministry": ("admin.new_ministry", admin("ministeres/nouveau")),
    "new ministry, wrong": ("admin.new_ministry", admin_refused("ministeres/nouveau", name="Jeanne D.")),
    "edit ministry": ("admin.edit_ministry", admin("ministeres/{ministry}/modifier")),
    "edit ministry, overtaken": ("admin.edit_ministry", admin_refused("ministeres/{ministry}/modifier", 409, seen_version="99")),
    "successor": ("admin.succeed_ministry", admin("ministeres/{ministry}/successeur")),
    "successor, itself": ("admin.succeed_ministry", _succeeds_itself),
    "settings": ("admin.settings", admin("reglages")),
    "settings, wrong": ("admin.settings", admin_refused("reglages", notice_fr="x", contributions="z")),
    "health": ("admin.health", _dead_letter),
    "health after a retry": ("admin.health", _retried),
    "contributions closed": ("public.comment", _closed),
}
