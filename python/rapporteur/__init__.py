"""Turns a council's quarterly return into the appendix that its committee reads.

Everything is worked out by the program that this package carries; these functions call it, and
give back what it says as objects.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Union

from . import parquet
from .figures import Figures

__all__ = ["Built", "Failed", "Figures", "Problem", "build", "build_all", "check", "combine", "program", "run"]

AnyPath = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, where it is, and what to do. It holds no cell's value."""

    severity: str
    """``error``, ``warning`` or ``note``."""
    kind: str
    """``return``, ``usage``, ``script`` or ``file``."""
    message: str
    file: str
    sheet: str | None = None
    column: str | None = None
    cells: tuple[str, ...] = ()
    line: int | None = None
    hint: str | None = None
    rule: str | None = None
    moves: tuple[str, ...] = ()
    """The indicators whose figures it may move."""

    def __str__(self) -> str:
        place = self.file
        if self.sheet:
            place += f" {self.sheet}"
        if self.cells:
            place += f"!{self.cells[0]}"
        if len(self.cells) > 1:
            place += f" and {len(self.cells) - 1} more"
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.severity}: {self.message} [{place.strip()}]{hint}"

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Problem:
        return cls(
            severity=told["severity"],
            kind=told["kind"],
            message=told["message"],
            file=told.get("file") or "",
            sheet=told.get("sheet"),
            column=told.get("column"),
            cells=tuple(told.get("cells") or ()),
            line=told.get("line"),
            hint=told.get("hint"),
            rule=told.get("rule"),
            moves=tuple(told.get("moves") or ()),
        )


class Failed(Exception):
    """Nothing could be made. ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem], exit_code: int) -> None:
        super().__init__("\n".join(str(problem) for problem in problems) or f"exit code {exit_code}")
        self.problems = list(problems)
        self.exit_code = exit_code


@dataclass(frozen=True)
class Built:
    """What was made: the files, and what is to be known of the return."""

    written: list[Path]
    period: str
    problems: list[Problem] = field(repr=False)
    figures: Figures | None = field(default=None, repr=False)

    @property
    def appendix(self) -> Path:
        """The appendix itself."""
        return self.written[0]


def program() -> Path:
    """The program that this package carries."""
    name = "rapporteur.exe" if os.name == "nt" else "rapporteur"
    places = [Path(sysconfig.get_path("scripts")) / name]
    user = "nt_user" if os.name == "nt" else "posix_user"
    if user in sysconfig.get_scheme_names():
        places.append(Path(sysconfig.get_path("scripts", user)) / name)
    found = next((place for place in places if place.is_file()), None) or shutil.which("rapporteur")
    if found is None:
        raise FileNotFoundError("the program `rapporteur` is not beside Python: install the wheel again")
    return Path(found)


def run(*arguments: AnyPath) -> subprocess.CompletedProcess[str]:
    """Runs the program as on a command line; what it printed is in ``stdout`` and ``stderr``."""
    asked = [str(program()), *(os.fspath(argument) for argument in arguments)]
    return subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)


def build(
    path: AnyPath | Sequence[AnyPath],
    *,
    project: AnyPath | None = None,
    output: AnyPath | None = None,
    period: str | None = None,
    template: str | None = None,
    disclosure: str | None = None,
    history: Iterable[AnyPath] = (),
    exchange: AnyPath | None = None,
    figures: bool = False,
    strict: bool = False,
) -> Built:
    """Makes the appendix of a return: a workbook, CSV lists, or a folder of CSV lists.

    It is written beside the return unless ``output`` names a file. Problems of the return are in
    the result; :class:`Failed` is raised where nothing could be made. An ``exchange`` file that
    ends in ``.parquet`` is one; that needs Arrow.
    """
    options = _options(project=project, output=output, period=period, template=template)
    options += _options(disclosure=disclosure, strict=strict)
    options += [part for file in history for part in ("--history", file)]
    if exchange is None or not parquet.is_parquet(exchange):
        return _made("build", [*_several(path), *options, *_options(exchange=exchange)], figures)
    parquet.arrow()
    with tempfile.TemporaryDirectory(prefix="rapporteur-") as folder:
        table = Path(folder) / "exchange.csv"
        built = _made("build", [*_several(path), *options, "--exchange", table], figures)
        if table not in built.written:
            return built
        parquet.from_csv(table, Path(exchange))
        written = [Path(exchange) if file == table else file for file in built.written]
        return replace(built, written=written)


def build_all(
    folder: AnyPath,
    *,
    into: AnyPath | None = None,
    jobs: int = 1,
    resume: bool = False,
    project: AnyPath | None = None,
    period: str | None = None,
    template: str | None = None,
    disclosure: str | None = None,
    exchange: bool = False,
) -> dict[str, Built | Failed]:
    """Makes a report of each return in a folder, by the returns' names. A bad one stops no other:
    its :class:`Failed` stands in its place."""
    options = _options(output=into, jobs=jobs, resume=resume, project=project, period=period)
    options += _options(template=template, disclosure=disclosure)
    options += _options(exchange="exchange.csv" if exchange else None)
    told = _told("build", [folder, *options])
    problems = [Problem._of(one) for one in told["problems"]]
    if not told["returns"]:
        raise Failed(problems, told["exit_code"])
    made: dict[str, Built | Failed] = {}
    for one in told["returns"]:
        root = Path(folder) / one["return"]
        own = [problem for problem in problems if _is_within(problem.file, root)]
        written = [Path(file) for file in one["written"]]
        made[one["return"]] = (
            Built(written, one["period"], own) if written else Failed(own, told["exit_code"])
        )
    return made


def check(
    path: AnyPath | Sequence[AnyPath],
    *,
    project: AnyPath | None = None,
    period: str | None = None,
    rules: bool = False,
) -> list[Problem]:
    """The problems of a return; nothing is written."""
    told = _told("check", [*_several(path), *_options(project=project, period=period, rules=rules)])
    return [Problem._of(one) for one in told["problems"]]


def combine(
    files: AnyPath | Sequence[AnyPath],
    *,
    area: str | None = None,
    area_code: str | None = None,
    project: AnyPath | None = None,
    output: AnyPath | None = None,
    template: str | None = None,
    disclosure: str | None = None,
    figures: bool = False,
) -> Built:
    """Makes one report of many councils, from their exchange files or a folder of them: CSV, or
    Parquet, which needs Arrow."""
    options = _options(area=area, area_code=area_code, project=project, output=output)
    options += _options(template=template, disclosure=disclosure)
    with tempfile.TemporaryDirectory(prefix="rapporteur-") as folder:
        tables, names = _tables(files, Path(folder))
        return _made("combine", [*tables, *options], figures, names)


def _tables(
    files: AnyPath | Sequence[AnyPath], folder: Path
) -> tuple[list[AnyPath], dict[str, str]]:
    """The files as the program reads them, and what those are that were Parquet."""
    tables: list[AnyPath] = []
    names: dict[str, str] = {}
    for file in _several(files):
        path = Path(file)
        inside = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
        packed = sorted(each for each in inside if parquet.is_parquet(each))
        if len(packed) < len(inside) or not inside:
            tables.append(file)
        for each in packed:
            table = folder / f"{len(names):05}-{each.stem}.csv"
            parquet.to_csv(each, table)
            names[str(table)] = str(each)
            tables.append(table)
    return tables, names


def _several(path: AnyPath | Sequence[AnyPath]) -> list[AnyPath]:
    return [path] if isinstance(path, (str, os.PathLike)) else list(path)


def _options(**wanted: AnyPath | int | bool | None) -> list[AnyPath]:
    """``area_code="E1", strict=True`` as ``--area-code E1 --strict``."""
    options: list[AnyPath] = []
    for name, value in wanted.items():
        if value is None or value is False:
            continue
        options.append("--" + name.replace("_", "-"))
        if value is not True:
            options.append(str(value) if isinstance(value, int) else value)
    return options


def _is_within(file: str, root: Path) -> bool:
    return Path(file) == root or root in Path(file).parents


def _told(command: str, arguments: Sequence[AnyPath]) -> dict[str, Any]:
    ran = run(command, *arguments, "--json")
    try:
        told: dict[str, Any] = json.loads(ran.stdout)
    except ValueError:
        raise RuntimeError(f"the program ended with {ran.returncode}: {ran.stderr.strip()}") from None
    told.setdefault("exit_code", ran.returncode)
    return told


def _made(
    command: str, arguments: list[AnyPath], figures: bool, names: Mapping[str, str] = {}
) -> Built:
    with tempfile.TemporaryDirectory(prefix="rapporteur-") as folder:
        table = Path(folder) / "figures.csv"
        more: list[AnyPath] = ["--figures", table] if figures else []
        told = _told(command, [*arguments, *more])
        told_of = [Problem._of(one) for one in told["problems"]]
        problems = [replace(one, file=names.get(one.file, one.file)) for one in told_of]
        written = [Path(file) for file in told.get("written") or () if Path(file) != table]
        if not told.get("period"):
            raise Failed(problems, told["exit_code"])
        read = Figures.read(table) if figures else None
        return Built(written, told["period"], problems, read)
