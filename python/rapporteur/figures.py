"""Every figure of a report, as rows and as the tables of other libraries."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union, overload

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Value = Union[str, float, None]
NUMBERS = ("numerator", "denominator", "value")


class Figures(Sequence["dict[str, Value]"]):
    """A row a figure: what ``build --figures`` writes, with its numbers as numbers."""

    def __init__(self, columns: list[str], rows: list[dict[str, Value]]) -> None:
        self.columns = columns
        self._rows = rows

    @classmethod
    def read(cls, path: Path) -> Figures:
        """Reads a ``figures.csv``."""
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [{name: _value(name, text) for name, text in row.items()} for row in reader]
            return cls(list(reader.fieldnames or ()), rows)

    @overload
    def __getitem__(self, at: int) -> dict[str, Value]: ...
    @overload
    def __getitem__(self, at: slice) -> list[dict[str, Value]]: ...
    def __getitem__(self, at: int | slice) -> dict[str, Value] | list[dict[str, Value]]:
        return self._rows[at]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self._rows)

    def own(self, indicator: str, period: str | None = None) -> dict[str, Value]:
        """The council's own figure of an indicator: of the report's period, or of another one."""
        for row in self._rows:
            wanted = period or row["reported_in"]
            if (row["indicator"], row["area_type"], row["period"]) == (indicator, "council", wanted):
                return row
        raise KeyError(indicator)

    def to_pandas(self) -> pandas.DataFrame:
        """As a frame of pandas."""
        import pandas

        return pandas.DataFrame(self._rows, columns=self.columns)

    def to_polars(self) -> polars.DataFrame:
        """As a frame of polars."""
        import polars

        schema: dict[str, Any] = {
            name: polars.Float64 if name in NUMBERS else polars.String for name in self.columns
        }
        return polars.DataFrame(self._rows, schema=schema)

    def to_arrow(self) -> pyarrow.Table:
        """As a table of Arrow."""
        import pyarrow

        kinds = [
            (name, pyarrow.float64() if name in NUMBERS else pyarrow.string()) for name in self.columns
        ]
        return pyarrow.Table.from_pylist(self._rows, schema=pyarrow.schema(kinds))


def _value(name: str, text: str | None) -> Value:
    if not text:
        return None
    return float(text) if name in NUMBERS else text
