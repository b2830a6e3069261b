"""The headers that every answer carries. One place."""

from __future__ import annotations

from collections.abc import Callable
from wsgiref.headers import Headers

from flask import Flask, Response

_POLICY = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
]
# What no page of ours ever asks a browser for.
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb"))
CONTENT_SECURITY_POLICY = "; ".join(_POLICY)


def common(*, secure: bool) -> dict[str, str]:
    """What pages and static files carry alike. ``secure``: the public address is https."""
    return {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS_POLICY,
        **({"Strict-Transport-Security": "max-age=31536000"} if secure else {}),
    }


def for_static_files(app: Flask) -> Callable[[Headers, str, str], None]:
    """What WhiteNoise calls for each file: these answers never reach the application."""
    carried = common(secure=app.config["SETTINGS"].secure)

    def add(headers: Headers, _path: str, _url: str) -> None:
        for name, value in carried.items():
            headers[name] = value

    return add


def init_app(app: Flask) -> None:
    """Register them."""
    carried = common(secure=app.config["SETTINGS"].secure)

    def add(response: Response) -> Response:
        response.headers.update(carried)
        return response

    app.after_request(add)
