"""Holds workbooks against the peers: valid for the Open XML SDK, equal values in openpyxl and LibreOffice."""

import datetime
import glob
import json
import os
import subprocess
import sys
import tempfile

import openpyxl

folder, word, program, tools = sys.argv[1:5]
files = sorted(f for f in glob.glob(os.path.join(folder, "*.xlsx")) if word in os.path.basename(f))
if not files:
    sys.exit(f"no workbook in {folder}")
validator = os.path.join(tools, "node_modules/.bin/ooxml-validator")
faults = []


def shown(value):
    """A value in one form for all: whole floats as integers, dates in ISO form."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        value = float(f"{value:.9g}")
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)


def cells(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): shown(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def verified(path):
    """What `verify` says of a file."""
    return subprocess.run([program, "verify", path, "--json"], capture_output=True, text=True).stdout


with tempfile.TemporaryDirectory() as other:
    # A start of LibreOffice opens many and saves each again; after some hundreds it passes over the rest.
    for first in range(0, len(files), 60):
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{other}/profile", "--convert-to", "xlsx", "--outdir", other,
             *files[first:first + 60]],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900,
        )
    for path in files:
        name = os.path.basename(path)
        verdict = subprocess.run([validator, path], capture_output=True, text=True)
        try:
            result = json.loads(verdict.stdout)
        except ValueError:
            result = {"ok": False, "errors": [verdict.stdout + verdict.stderr]}
        if not result["ok"]:
            faults.append(f"{name}: not valid Open XML: {result['errors'][:3]}")
        # A report that another program saved again says what it said, and nothing is called changed.
        again = [os.path.join(other, name), os.path.join(other, "openpyxl.xlsx")]
        openpyxl.load_workbook(path).save(again[1])
        if json.loads(verified(path))["state"] == "as_written":
            for copy in again:
                found = json.loads(verified(copy))
                if found["state"] != "saved_again" or found["changed"]:
                    faults.append(f"{name}: saved again, it is {found['state']}: {found['changed'][:3]}")
        ours = cells(path)
        theirs = cells(os.path.join(other, name))
        if ours != theirs:
            different = [(k, ours.get(k), theirs.get(k)) for k in sorted(set(ours) | set(theirs)) if ours.get(k) != theirs.get(k)]
            faults.append(f"{name}: LibreOffice sees other values: {different[:5]}")
        lines = subprocess.run([program, "show", path, "--cells"], capture_output=True, text=True, check=True).stdout
        seen = {tuple(line.split("\t")[:2]) for line in lines.splitlines()}
        if seen != set(ours):
            faults.append(f"{name}: the reader sees other cells than openpyxl: {sorted(seen ^ set(ours))[:5]}")

for fault in faults:
    print(fault)
print(f"{len(files)} workbooks held against their peers, {len(faults)} faults")
sys.exit(1 if faults else 0)
