#!/usr/bin/env python3
"""Edits workbooks with openpyxl and asks `rapporteur diff` what changed: each edit must be found, and nothing else.

    .ci/diff.py PROGRAM WORKBOOK...

Each workbook is loaded and saved once first, so that what openpyxl itself loses is lost on both sides."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

RED = PatternFill("solid", fgColor="FFC0504D")


def font(cell, **aspects):
    old = cell.font
    kept = {"name": old.name, "sz": old.sz, "b": old.b, "i": old.i, "u": old.u, "color": old.color}
    cell.font = Font(**{**kept, **aspects})


def border(cell):
    old = cell.border
    cell.border = Border(left=old.left, right=old.right, top=old.top, bottom=Side(style="double", color="FF00B050"))


def number(cell):
    return isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool) and not cell.is_date


def sheet_edits(sheet, book):
    """(what is done, verdict, where, what) for one sheet; where and what as `diff --json` tells them."""
    filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    merged = {at for area in sheet.merged_cells.ranges for at in range_cells(area.coord)}
    alone = [cell for cell in filled if cell.coordinate not in merged]
    numbers = [cell for cell in alone if number(cell)]
    words = [cell for cell in alone if isinstance(cell.value, str) and cell.value.isascii() and cell.value.isalpha()]
    if numbers:
        cell = numbers[len(numbers) // 2]
        yield lambda: setattr(cell, "value", cell.value + 1), "figures", cell.coordinate, "value"
        other = numbers[len(numbers) // 3]
        if not other.number_format.startswith("0.000"):
            yield lambda: setattr(other, "number_format", "0.000"), "formatting", other.coordinate, "number format"
    if words:
        word = words[len(words) // 2]
        yield lambda: setattr(word, "value", word.value + " altered"), "wording", word.coordinate, "text"
    plain = [cell for cell in alone if not cell.font.b]
    if plain:
        cell_b = plain[len(plain) // 2]
        yield lambda: font(cell_b, b=True), "formatting", cell_b.coordinate, "bold"
    cell_f, cell_d = alone[len(alone) // 4], alone[3 * len(alone) // 4]
    yield lambda: setattr(cell_f, "fill", RED), "formatting", cell_f.coordinate, "fill"
    yield lambda: border(cell_d), "formatting", cell_d.coordinate, "bottom border"
    # Charts draw from columns behind the last that is seen.
    unseen = {n for of in sheet.column_dimensions.values() if of.hidden for n in range(of.min, of.max + 1)}
    last = get_column_letter(max(set(range(1, sheet.max_column + 1)) - unseen))
    yield lambda: setattr(sheet.column_dimensions[last], "width", 41.7), "formatting", f"column {last}", "width"
    yield lambda: setattr(sheet.row_dimensions[2], "height", 33.0), "formatting", "row 2", "height"
    low = sheet.max_row + 2
    area = f"A{low}:B{low + 1}"
    yield lambda: sheet.merge_cells(area), "formatting", area, "merged cells"
    rule = CellIsRule(operator="greaterThan", formula=["7"], fill=RED)
    place = f"A1:A{sheet.max_row}"
    yield lambda: sheet.conditional_formatting.add(place, rule), "formatting", place, "conditional format"
    check = DataValidation(type="list", formula1='"yes,no"')
    check.add("C3")
    yield lambda: sheet.add_data_validation(check), "formatting", "C3", "validation"
    yield lambda: setattr(sheet, "print_area", "A1:B9"), "formatting", "sheet", "print area"
    turned = "portrait" if sheet.page_setup.orientation == "landscape" else "landscape"
    yield lambda: setattr(sheet.page_setup, "orientation", turned), "formatting", "sheet", "orientation"
    yield lambda: setattr(sheet.oddHeader.center, "text", "A header of our own"), "wording", "sheet", "header"
    yield lambda: setattr(sheet, "freeze_panes", "C8"), "formatting", "sheet", "frozen panes"
    if len(book.worksheets) > 1:
        yield lambda: setattr(sheet, "sheet_state", "hidden"), "formatting", "sheet", "visibility"


def range_cells(area):
    left, top, right, bottom = range_boundaries(area)
    return {f"{get_column_letter(column)}{row}" for row in range(top, bottom + 1) for column in range(left, right + 1)}


def book_edits(book):
    name = DefinedName("our_name", attr_text=f"'{book.worksheets[0].title}'!$A$1")
    yield lambda: book.defined_names.add(name), "formatting", "our_name", "defined name"
    yield lambda: setattr(book.properties, "title", "A title of our own"), "wording", "properties", "title"


def diff(program, old, new):
    run = subprocess.run([program, "diff", "--json", old, new], capture_output=True, text=True)
    told = json.loads(run.stdout)
    assert run.returncode == (1 if told["changes"] else 0), run
    return {(c["sheet"], c["verdict"], c["place"], c["what"]) for c in told["changes"]}


def main(program, *workbooks):
    wrong = 0
    for source in workbooks:
        with tempfile.TemporaryDirectory() as folder:
            base, edited = Path(folder, "base.xlsx"), Path(folder, "edited.xlsx")
            load_workbook(source).save(base)
            assert diff(program, base, base) == set(), "a workbook differs from itself"
            load_workbook(base).save(edited)
            assert diff(program, base, edited) == set(), "saving again is no change"
            book = load_workbook(base)
            sheets = [sheet for sheet in book.worksheets if sheet.max_row > 3 and sheet.sheet_state == "visible"]
            biggest = max(sheets, key=lambda sheet: sheet.max_row * sheet.max_column)
            wanted = set()
            edits = [(biggest.title, edit) for edit in sheet_edits(biggest, book)]
            edits += [("", edit) for edit in book_edits(book)]
            for sheet, (edit, verdict, place, what) in edits:
                edit()
                wanted.add((sheet, verdict, place, what))
            book.save(edited)
            found = diff(program, base, edited)
            for one in sorted(wanted - found):
                print(f"{source}: not found: {one}")
            for one in sorted(found - wanted):
                print(f"{source}: nobody did: {one}")
            wrong += len(wanted ^ found)
            print(f"{source}: {len(wanted)} edits, {len(wanted & found)} found, {len(found - wanted)} more")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
