"""What every engine does with one return: the package makes its report and its exchange file."""

from pathlib import Path

import rapporteur


def one(folder: str, into: str) -> str:
    """Makes them under a name of their own, and gives the exchange file's name."""
    name = Path(folder).name
    exchange = Path(into) / f"{name}-exchange.csv"
    rapporteur.build(folder, output=Path(into) / f"{name}-appendix.xlsx", exchange=exchange)
    return str(exchange)


def returns(folder: str) -> list[str]:
    """The returns of a folder, in order."""
    return sorted(str(path) for path in Path(folder).iterdir() if path.is_dir())


def together(exchange_files: list[str], into: str) -> rapporteur.Built:
    """One report of all councils, hidden once."""
    return rapporteur.combine(
        exchange_files, area="England", area_code="E92000001", disclosure="dfe",
        output=Path(into) / "england.xlsx", figures=True,
    )  # fmt: skip
