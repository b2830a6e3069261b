"""``flask access``: who may open which address, as the code declares it."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

IMPLIED = {"HEAD", "OPTIONS"}


@click.group()
def access() -> None:
    """Qui peut ouvrir quelle adresse."""


@access.command("list")
@click.option("--json", "as_json", is_flag=True, help="Une liste d’objets JSON au lieu d’un tableau.")
@with_appcontext
def list_routes(as_json: bool) -> None:
    """Liste chaque adresse, ses méthodes et le droit qu’elle demande."""
    found = routes()
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    width = max(len(route["path"]) for route in found)
    for route in found:
        click.echo(f"{','.join(route['methods']):<9} {route['path']:<{width}} {route['permission'] or route['door']}")


def routes() -> list[dict[str, Any]]:
    """Each route with its methods, the door it declares and the permission it asks for, in the order of the paths."""
    found = []
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        declared = getattr(current_app.view_functions[rule.endpoint], "access", None)  # a house test refuses an endpoint without
        found.append(
            {
                "path": rule.rule,
                "endpoint": rule.endpoint,
                "methods": sorted((rule.methods or set()) - IMPLIED),
                "door": declared.door.value if declared else None,
                "permission": declared.permission.value if declared and declared.permission else None,
            }
        )
    return found
