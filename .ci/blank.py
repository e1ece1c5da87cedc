"""An empty return as its users treat it: filled in with openpyxl, saved again by LibreOffice, built by Rapporteur.

    python .ci/blank.py PROGRAM     the program; LibreOffice and openpyxl must be there

What must hold: filled in with values of every kind on every sheet, it is built without a problem; a code that is not one
is reported with its cell; LibreOffice keeps the rules, refuses what they refuse, and leaves locked cells locked."""

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from xml.etree import ElementTree

import openpyxl
from openpyxl.worksheet.cell_range import CellRange

program = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
PERIOD = "2026/27 Q1/Q2"
YELLOW = "FFF9DB"
faults = []


def must(holds, what):
    if not holds:
        faults.append(what)


def run(folder, *arguments):
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def convert(folder, name, kind):
    """Opens a workbook in LibreOffice and saves it as another kind of file, in a folder of its own."""
    other = os.path.join(folder, kind)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind, "--outdir", other, os.path.join(folder, name)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300,
    )
    return os.path.join(other, os.path.splitext(name)[0] + "." + kind)


def rule_of(sheet, cell):
    for rule in sheet.data_validations.dataValidation:
        for part in str(rule.sqref).split():
            if CellRange(part).issuperset(CellRange(cell.coordinate)):
                return rule
    return None


def codes_of(book, rule):
    first, last = re.fullmatch(r"=?\$?'?Codes'?[.!]\$A\$(\d+):(?:\$?'?Codes'?[.!])?\$A\$(\d+)", rule.formula1).groups()
    return [str(book["Codes"].cell(row, 1).value) for row in range(int(first), int(last) + 1)]


def is_open(cell):
    return not cell.protection.locked


# Values that look like a child's and are nobody's: days follow from the heading, so that no span ends before it starts.
DAYS = {"DOB": (2014, 5, 6), "DECOM": (2024, 3, 1), "MIS_START": (2026, 6, 1), "MIS_END": (2026, 6, 2)}
LATER = {"DUC": (2032, 5, 6)}
KEPT_EMPTY = {
    "DEC", "REC", "REASON_PLACE_CHANGE", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED", "SDQ_REASON", "MOTHER", "MC_DOB", "SW_DEC",
    "DOLO_END", "INTERVENTION_OFFERED",
}
CODES = {"RNE": "S", "LS": "C2", "PLACE": "U4", "PLACE_PROVIDER": "PR1", "SDQ_REASON": ""}
TEXTS = {"ROUTE": "Special guardianship", "QUARTER": "Q1", "JUDGEMENT": "Good"}


def fill_list(book, sheet, row):
    for head in sheet[1]:
        name = head.value.rstrip(" *")
        cell = sheet.cell(row, head.column)
        must(is_open(cell), f"{sheet.title}!{cell.coordinate} is locked")
        if name in KEPT_EMPTY:
            continue
        rule = rule_of(sheet, cell)
        kind = rule.type if rule else None
        if kind == "list":
            codes = codes_of(book, rule)
            cell.value = CODES.get(name, codes[0])
            must(cell.value in codes, f"{sheet.title} does not offer {cell.value} for {name}")
        elif kind == "date":
            cell.value = datetime.datetime(*DAYS.get(name, LATER.get(name, (2026, 5, 4))))
        elif kind in ("decimal", "whole"):
            cell.value = max(0, float(rule.formula1)) + row
        elif name == "CHILD":
            cell.value = f"000{row}"
        else:
            cell.value = TEXTS.get(name, f"{name.title()} {row}")


def fill(path):
    """Fills in every kind of cell on every sheet; gives how many."""
    book = openpyxl.load_workbook(path)
    filled = 0
    for sheet in book:
        if sheet.title in ("Guidance", "Codes"):
            must(all(not is_open(c) for row in sheet.iter_rows() for c in row), f"{sheet.title} has an open cell")
            continue
        if sheet.title not in ("Cover", "Figures", "Commentary"):
            must(all(not is_open(cell) for cell in sheet[1]), f"{sheet.title}: a heading is not locked")
            for row in (2, 3):
                fill_list(book, sheet, row)
            filled += 1
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if not is_open(cell):
                    continue
                must(cell.fill.fgColor.rgb[-6:] == YELLOW and cell.border.left.style, f"{sheet.title}!{cell.coordinate} does not look open")
                rule = rule_of(sheet, cell)
                head = next((sheet.cell(r, cell.column).value for r in range(cell.row, 0, -1) if sheet.cell(r, 1).value == "Indicator"), None)
                kind = rule.type if rule else None
                if sheet.title == "Commentary" and sheet.cell(cell.row, 1).value is None:
                    continue
                if kind == "whole":
                    # The counts of a percentage.
                    cell.value = {"Numerator": 40, "Denominator": 50}.get(head, 60 if head != "Value" else 118)
                    if sheet.title == "Cover":
                        cell.value = 40146
                elif kind == "decimal":
                    percent = "%" in cell.number_format
                    cell.value = 0.8 if percent else 80
                elif kind == "date":
                    cell.value = datetime.datetime(2026, 9, 30)
                else:
                    cell.value = "Written by a script, to be read by another."
                filled += 1
    book.save(path)
    return filled


def refused(book, where, cell, value):
    """Whether a rule, as LibreOffice kept it, refuses the value."""
    sheet = book[where]
    rule = rule_of(sheet, sheet[cell])
    must(rule is not None and rule.errorStyle in (None, "stop") and rule.showErrorMessage, f"{where}!{cell} has no rule that stops")
    if rule is None:
        return False
    if rule.type == "list":
        return str(value) not in codes_of(book, rule)
    low, high = float(rule.formula1), float(rule.formula2)
    if isinstance(value, str):
        return True
    return not low <= value <= high or (rule.type == "whole" and value != int(value))


MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Blank" script:language="StarBasic">
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim at(0) As New com.sun.star.beans.PropertyValue
  Dim what(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL("file://FOLDER/typed.xlsx", "_blank", 0, hidden())
  file = FreeFile
  Open "FOLDER/told.txt" For Output As #file
  For Each name In Array("Episodes", "Figures", "Exits")
    sheet = doc.Sheets.getByName(name)
    sheet.showInvalid()
    For i = 0 To sheet.DrawPage.getCount() - 1
      Print #file, "refused " &amp; sheet.DrawPage.getByIndex(i).Anchor.AbsoluteName
    Next
  Next
  d = createUnoService("com.sun.star.frame.DispatchHelper")
  what(0).Name = "StringName" : what(0).Value = "typed"
  at(0).Name = "ToPoint"
  sheet = doc.Sheets.getByName("Episodes")
  doc.CurrentController.setActiveSheet(sheet)
  For Each cell In Array("A1", "L4")
    at(0).Value = cell
    d.executeDispatch(doc.CurrentController.Frame, ".uno:GoToCell", "", 0, at())
    d.executeDispatch(doc.CurrentController.Frame, ".uno:EnterString", "", 0, what())
    Print #file, "typed " &amp; cell &amp; " " &amp; sheet.getCellRangeByName(cell).String
  Next
  Close #file
  doc.close(True)
End Sub
</script:module>
"""


def told_by_libreoffice(folder, path):
    """What LibreOffice itself marks as against the rules, and what becomes of typing in a locked and in an open cell.

    Typing from outside is not held against rules by any program; "Mark invalid data" asks the same rules of what is there."""
    wrong = {("Episodes", "F2"): "U99", ("Episodes", "F3"): "U4", ("Episodes", "P2"): -1, ("Episodes", "P3"): 12,
             ("Episodes", "B2"): datetime.datetime(2226, 5, 4), ("Exits", "C2"): "three", ("Figures", "G5"): 80.8, ("Figures", "G6"): 0.808}
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in wrong.items():
        book[sheet][cell] = value
    book.save(os.path.join(folder, "typed.xlsx"))
    # LibreOffice has made the profile when it converted; the module is added to its own library.
    library = os.path.join(folder, "profile/user/basic/Standard")
    with open(os.path.join(library, "Blank.xba"), "w") as file:
        file.write(MACRO.replace("FOLDER", folder))
    index = os.path.join(library, "script.xlb")
    with open(index) as file:
        text = file.read()
    with open(index, "w") as file:
        file.write(text.replace("</library:library>", ' <library:element library:name="Blank"/>\n</library:library>'))
    subprocess.run(
        ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile", "macro:///Standard.Blank.Main"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300,
    )
    with open(os.path.join(folder, "told.txt")) as file:
        return sorted(line.strip().replace("$", "") for line in file)


with tempfile.TemporaryDirectory() as folder:
    settings = '[authority]\nname = "Exampleton"\ncode = "E06000015"\nregion = "Mid England"\n'
    with open(os.path.join(folder, "rapporteur.toml"), "w") as file:
        file.write(settings)
    code, out, err = run(folder, "blank", "--period", PERIOD, "--with-lists", "-o", "return.xlsx")
    must(code == 0, f"blank: {out}{err}")
    path = os.path.join(folder, "return.xlsx")
    filled = fill(path)
    code, out, err = run(folder, "build", "return.xlsx", "-o", "a.xlsx")
    # The two made-up children stand on every list at once, which DfE's rules doubt: warnings are right, errors are not.
    must(code in (0, 1) and "figures for" in out and "error:" not in err, f"as openpyxl filled it in: {out}{err}")

    saved = convert(folder, "return.xlsx", "xlsx")
    code, out, err = run(folder, "build", saved, "-o", "b.xlsx")
    must(code in (0, 1) and "figures for" in out and "error:" not in err, f"as LibreOffice saved it: {out}{err}")

    # What LibreOffice keeps: locks and rules.
    book = openpyxl.load_workbook(saved)
    for sheet in book:
        must(sheet.protection.sheet, f"LibreOffice has lost the lock of {sheet.title}")
    must(refused(book, "Episodes", "F2", "U99"), "LibreOffice takes a wrong code")
    must(not refused(book, "Episodes", "F2", "U4"), "LibreOffice refuses a right code")
    must(refused(book, "Exits", "C900", -1), "LibreOffice takes -1 children")
    must(refused(book, "Figures", "G5", 80.8) and not refused(book, "Figures", "G5", 0.808), "LibreOffice takes 8080%")

    # What LibreOffice does: exactly the wrong ones are refused, and only the open cell is changed.
    code, out, err = run(folder, "blank", "--period", PERIOD, "--with-lists", "-o", "empty.xlsx")
    told = told_by_libreoffice(folder, os.path.join(folder, "empty.xlsx"))
    wanted = [f"refused {cell}" for cell in ("Episodes.B2", "Episodes.F2", "Episodes.P2", "Exits.C2", "Figures.G5")]
    must(told == sorted(wanted + ["typed A1 CHILD *", "typed L4 typed"]), f"LibreOffice tells {told}")

    # The same by LibreOffice's own format: what the program itself says of the cell.
    with zipfile.ZipFile(convert(folder, "return.xlsx", "ods")) as package:
        content = ElementTree.fromstring(package.read("content.xml"))
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    rules = list(content.iter(f"{table}content-validation"))
    lists = [r for r in rules if "cell-content-is-in-list" in r.get(f"{table}condition", "")]
    stops = [r for r in lists if (m := r.find(f"{table}error-message")) is not None and m.get(f"{table}message-type") == "stop" and m.get(f"{table}display") == "true"]
    # Those of the lists about services, and of texts that managers may put otherwise, only advise.
    must(len(lists) > 20 and len(stops) >= len(lists) - 5, f"{len(lists)} drop-downs in LibreOffice, of which {len(stops)} stop")

    # Pasted: no rule is asked, so the reader must be.
    book = openpyxl.load_workbook(saved)
    book["Episodes"]["F2"] = "U99"
    book.save(saved)
    code, out, err = run(folder, "check", saved, "--json")
    found = [p for p in json.loads(out)["problems"] if p["severity"] == "error"]
    must(code == 1 and len(found) == 1 and "Episodes" in json.dumps(found[0]) and "F2" in json.dumps(found[0]), f"a wrong code: {code} {found}")

for fault in faults:
    print(fault)
print(f"an empty return: {filled} cells and lists filled in, {len(faults)} faults")
sys.exit(1 if faults else 0)
