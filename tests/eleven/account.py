"""The eleven indicators by another account: in Python, from the workbook, with nothing of Rapporteur's.

    python3 tests/eleven/account.py q2.xlsx

A line a figure: code, numerator, denominator, value; what is not there is empty. Standard library only.
"""
import datetime as dt
import re
import statistics
import sys
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
END, YEAR = dt.date(2026, 9, 30), dt.date(2026, 4, 1)
ONE = dt.timedelta(days=1)


def tables(path):
    """The sheets of a workbook, each row by its headings."""
    book = zipfile.ZipFile(path)
    read = lambda name: ElementTree.fromstring(book.read(name))
    texts = []
    if "xl/sharedStrings.xml" in book.namelist():
        texts = ["".join(t.text or "" for t in one.iter(MAIN + "t")) for one in read("xl/sharedStrings.xml")]
    found = {}
    for at, sheet in enumerate(read("xl/workbook.xml").find(MAIN + "sheets")):
        rows = []
        for row in read(f"xl/worksheets/sheet{at + 1}.xml").iter(MAIN + "row"):
            cells = {}
            for cell in row:
                kind, value = cell.get("t"), cell.find(MAIN + "v")
                if kind == "inlineStr":
                    value = "".join(t.text or "" for t in cell.iter(MAIN + "t"))
                elif value is None:
                    continue
                elif kind == "s":
                    value = texts[int(value.text)]
                else:
                    value = value.text if kind == "str" else float(value.text)
                cells[re.match("[A-Z]+", cell.get("r")).group()] = value
            rows.append(cells)
        found[sheet.get("name")] = rows
    return found


def listed(rows):
    head = rows[0]
    return [{name: row.get(column) for column, name in head.items()} for row in rows[1:]]


def day(value):
    if value is None:
        return None
    if isinstance(value, float):
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(value))
    return dt.datetime.strptime(value, "%d/%m/%Y").date()


def code(value):
    return str(int(value)) if isinstance(value, float) else value


BOOK = tables(sys.argv[1])
EPISODES = listed(BOOK["Episodes"])
for e in EPISODES:
    e["from"], e["to"] = day(e["DECOM"]), day(e.get("DEC"))
CARE = [e for e in EPISODES if e["LS"] not in ("V3", "V4")]
BORN = {c["CHILD"]: day(c["DOB"]) for c in listed(BOOK["Header"])}
ETHNIC = {c["CHILD"]: c["ETHNIC"] for c in listed(BOOK["Header"])}


def open_on(when):
    """An episode of each child in care at the end of a day: the latest."""
    found = {}
    for e in CARE:
        if e["from"] <= when and (e["to"] is None or e["to"] > when):
            if e["CHILD"] not in found or e["from"] >= found[e["CHILD"]]["from"]:
                found[e["CHILD"]] = e
    return list(found.values())


def age(born, when):
    return when.year - born.year - ((when.month, when.day) < (born.month, born.day))


def chain_start(child, last):
    """The first day of the period of care that an episode belongs to."""
    theirs = sorted((e for e in EPISODES if e["CHILD"] == child), key=lambda e: e["from"])
    start = last["from"]
    for e in reversed(theirs):
        if e["to"] == start and e["REC"] == "X1":
            start = e["from"]
    return start


def say(name, numerator, denominator, value):
    print("\t".join([name] + ["" if n is None else f"{n:.9g}" for n in (numerator, denominator, value)]))


def share(name, some, of, scale=100):
    say(name, some, of, some * scale / of)


now = open_on(END)
lengths = [(END - chain_start(e["CHILD"], e)).days for e in now]
say("a_days_in_care", None, len(lengths), statistics.median(lengths))

for name, when in (("b_semi_pct", END), ("b_semi_then_pct", dt.date(2026, 6, 30))):
    old = [e for e in open_on(when) if age(BORN[e["CHILD"]], when) >= 16]
    share(name, sum(e["PLACE"] in ("H5", "K3") for e in old), len(old))

GROUPS = {"W": "white", "M": "mixed", "AIND": "asian", "APKN": "asian", "ABAN": "asian", "AOTH": "asian",
          "B": "black", "CHNE": "other", "OOTH": "other", "REFU": "not_known", "NOBT": "not_known"}
say("c_ethnic_group", len(now), None, len(now))
groups = [GROUPS.get(ETHNIC[e["CHILD"]]) or GROUPS[ETHNIC[e["CHILD"]][0]] for e in now]
for group in sorted(set(groups)):
    say(f"c_ethnic_group.{group}", groups.count(group), None, groups.count(group))

alone = {c["CHILD"] for c in listed(BOOK["UASC"])}
cover = {str(row.get("A")): row.get("B") for row in BOOK["Cover"]}
share("d_uasc_rate", sum(e["CHILD"] in alone for e in now), cover["Population under 18"], 10_000)

moved = {e["CHILD"] for e in EPISODES if dt.date(2026, 7, 1) <= e["from"] <= END and e["RNE"] in "PTBU"}
share("e_moved_pct", sum(e["CHILD"] in moved for e in now), len(now))

missing = [m for m in listed(BOOK["Missing"]) if m["MISSING"] == "M"]
lost = sum(((day(m.get("MIS_END")) or END) - day(m["MIS_START"])).days for m in missing)
gone = {m["CHILD"] for m in missing}
say("f_missing_days", lost, None, lost)
say("f_missing_n", len(gone), None, len(gone))
share("f_missing_each", lost, len(gone), 1)

seen = {c["CHILD"] for c in listed(BOOK["OC2"]) if code(c["HEALTH_ASSESSMENT"]) == "1"}
unseen = sum(e["CHILD"] in gone and e["CHILD"] not in seen for e in now)
say("g_missing_unseen", unseen, None, unseen)

starts = sum(e["RNE"] == "S" and YEAR <= e["from"] <= END for e in CARE)
ends = [e for e in CARE if e["to"] and e["REC"] != "X1"]
share("h_starts_each", starts, sum(YEAR <= e["to"] <= END for e in ends), 1)

left = [e for e in ends if dt.date(2025, 10, 1) <= e["to"] <= END]
home = ("E11", "E12", "E41", "E45", "E46", "E47", "E48")
share("i_permanent_pct", sum(e["REC"] in home for e in left), len(left))

orders = ("C1", "C2")
begun = [e for e in CARE if YEAR <= e["from"] <= END]
share("j_order_pct", sum(e["LS"] in orders for e in begun), len(begun))
days = [(e["LS"], (min(e["to"] or END + ONE, END + ONE) - max(e["from"], YEAR)).days) for e in CARE]
whole = sum(max(n, 0) for _, n in days)
on_order = sum(max(n, 0) for order, n in days if order in orders)
share("j_order_days_pct", on_order, whole)

waits = []
for e in (e for e in EPISODES if e["REC"] in ("E11", "E12")):
    with_adopters = [p for p in EPISODES if p["CHILD"] == e["CHILD"] and p["PLACE"] in ("A3", "A4", "A5", "A6")]
    first = min(p["from"] for p in with_adopters)
    waits.append((first - chain_start(e["CHILD"], e)).days)
share("k_days_to_adopters", sum(waits), len(waits), 1)
