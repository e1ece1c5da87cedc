"""Exchange files as Parquet: the program reads and writes CSV, Arrow turns one into the other.

Numbers stay the very numbers, so that sums are equal; every other column is text.
"""

from __future__ import annotations

import csv
import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

NUMBERS = ("numerator", "denominator", "value")


def is_parquet(path: object) -> bool:
    return str(path).lower().endswith(".parquet")


def from_csv(table: Path, into: Path) -> None:
    """Writes the CSV file as Parquet. Its owner alone may read it, as with the program's own."""
    pa, pq = arrow()
    with open(table, newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    columns = {
        name: pa.array(
            [_number(row[at]) if name in NUMBERS else row[at] or None for row in rows],
            pa.float64() if name in NUMBERS else pa.string(),
        )
        for at, name in enumerate(head)
    }
    beside, name = tempfile.mkstemp(dir=into.parent, prefix=".", suffix=".parquet")
    os.close(beside)
    try:
        pq.write_table(pa.table(columns), name)
        os.replace(name, into)
    except BaseException:
        os.unlink(name)
        raise


def to_csv(table: Path, into: Path) -> None:
    """Writes the Parquet file as the CSV that the program reads."""
    _, pq = arrow()
    read = pq.read_table(table)
    with open(into, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(read.column_names)
        writer.writerows([_text(row[name]) for name in read.column_names] for row in read.to_pylist())


def _number(text: str) -> float | None:
    return float(text) if text else None


def _text(value: object) -> str:
    if isinstance(value, float):
        # The program writes no exponents: 0.00005, which is 5e-05 here.
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return "" if value is None else str(value)


def arrow() -> tuple[Any, Any]:
    """Arrow and its Parquet, or what to install."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise ModuleNotFoundError("Parquet needs Arrow: pip install 'rapporteur[arrow]'") from None
    return pyarrow, pyarrow.parquet
