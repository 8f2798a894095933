"""Rows of numbers and words as a file that a Swedish spreadsheet opens with a double click.

Semicolons, decimal commas, lines that end as Windows ends them, and a byte order mark: without it å, ä and ö are read wrong. A text
that a spreadsheet would take for a formula is kept a text (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

Cell = str | int | float | None
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def spreadsheet(name: str, *, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A download called `name` + ``.csv``; numbers in one column stay numbers, None is an empty cell."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(one) for one in heading])
    writer.writerows([[_cell(one) for one in row] for row in rows])
    return Response(
        "\ufeff" + written.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if value.startswith(_BEGINS_A_FORMULA) else value
        case float():
            return f"{value:.1f}".replace(".", ",")
        case _:
            return str(value)
