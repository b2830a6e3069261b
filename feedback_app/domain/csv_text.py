"""CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
"""Put before a file so that spreadsheets read accents as UTF-8."""
# What makes a spreadsheet read a cell as a formula, also behind spaces; a tab or a line break can begin a new cell in some of them.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: object) -> str:
    """``value`` as text. Words that begin like a formula get an apostrophe before them; numbers, negative ones too, stay numbers."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and (text.startswith(_DANGEROUS) or text.lstrip().startswith(_DANGEROUS)):
        return f"'{text}"
    return text


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A whole file (RFC 4180), without the byte order mark."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([safe_cell(column) for column in columns])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return file.getvalue()
