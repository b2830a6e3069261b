"""Files of minutes, made here: no third-party file is kept in the repository."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from feedback_app.domain.attachment import ODT


def pdf(more: bytes = b"") -> bytes:
    """The smallest thing that says it is a PDF, from its first line to its last."""
    return b"%PDF-1.7\n1 0 obj << /Type /Catalog " + more + b" >> endobj\nxref\n0 1\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def odt(text: str = "Compte rendu.", more: Mapping[str, bytes] | None = None, *, deflate: bool = False) -> bytes:
    """A text document: its kind first, its text, and whatever parts the test adds."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ODT)
        archive.writestr("content.xml", f"<office:document-content>{text}</office:document-content>")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return file.getvalue()
