"""``docs/rights.md``, from the policy and the URL map. After a change of either: ``.venv/bin/python -m tests.house.rights_page``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from flask import Flask

from feedback_app.domain.policy import POLICY, PURPOSE, Actor, MembershipKind, Permission, Role, may_ever
from tests.house.source import ROOT
from tests.house.url_list import IMPLIED, access_of, demo_app

PAGE = ROOT / "docs" / "rights.md"
HEAD = """\
# Who may do what

*Written by `python -m tests.house.rights_page` from `POLICY` in `feedback_app/domain/policy.py` and from the addresses of the site; a
test fails when it no longer says the same. Change the policy, then write this page again.*

A permission is asked for twice. The page asks whether this person may **ever** use it (else 403, or the sign-in page), and the service
asks again about **the thing itself**: the conditions in italics can only be judged there. Whoever holds several roles has the sum of
their rights, and the conditions still hold: a moderator who is also an administrator does not moderate their own text.
`tests/house/rights.txt` holds the answer of every address to every kind of person, and a test asks them all.

"""


def rule_words(permission: Permission) -> str:
    """The rule in words: *any of* ("or") *all of* ("who") its predicates."""

    def one(rule: tuple[object, ...]) -> str:
        return " and ".join(f"*{p.name}*" if p.needs_target else p.name for p in rule)  # type: ignore[attr-defined]

    return "; or ".join(one(rule) for rule in POLICY[permission])


def kinds() -> dict[str, Actor]:
    """An actor with each single role or membership, and one with none."""
    found = {"citizen": Actor(1)}
    found |= {role.value: Actor(1, roles=frozenset({role})) for role in Role}
    return found | {kind.value: Actor(1, memberships=frozenset({(1, kind)})) for kind in MembershipKind}


def page(app: Flask) -> str:
    """The whole page."""
    people, lines = kinds(), [HEAD, "## Permissions\n", "| permission | lets somebody | who | asked for by |", "|---|---|---|---|"]
    lines += [f"| `{p.value}` | {PURPOSE[p]} | somebody who {rule_words(p)} | {asked_by(app, p)} |" for p in Permission]
    lines += [
        "\n## In short\n",
        "A citizen here is anybody with an account and no right. ● opens; every condition on the thing itself still holds.\n",
    ]
    lines += ["| permission | " + " | ".join(people) + " |", "|---|" + ":-:|" * len(people)]
    for permission in Permission:
        cells = ["●" if may_ever(actor, permission) else " " for actor in people.values()]
        lines.append(f"| `{permission.value}` | " + " | ".join(cells) + " |")
    lines += ["\n## Addresses that ask for no permission\n", "| protected by | addresses |", "|---|---|"]
    doors: dict[str, list[str]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if not access_of(app, rule.endpoint).startswith("permission"):
            doors.setdefault(access_of(app, rule.endpoint), []).append(f"`{rule.rule}`")
    lines += [f"| {DOORS[door]} | {' '.join(dict.fromkeys(found))} |" for door, found in sorted(doors.items())]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


DOORS = {
    "public": "nothing: the same page for everybody, no session",
    "public_form": "nothing to read it; a signed, dated key to send its form",
    "secret_link": "whoever holds the secret address",
    "first_factor": "a session, even one that still lacks its second factor",
    "signed_in": "a session, with its second factor where the person holds any right",
}


def asked_by(app: Flask, permission: Permission) -> str:
    """The addresses that declare it; a permission that none declares is asked for by services only."""
    rules = [rule for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) == f"permission {permission.value}"]
    found = sorted((rule.rule, ",".join(sorted((rule.methods or set()) - IMPLIED))) for rule in rules)
    return "<br>".join(f"{methods} `{path}`" for path, methods in found) or "services only"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(demo_app(Path(folder))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
