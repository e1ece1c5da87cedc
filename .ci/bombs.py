"""Small files that ask for much: makes each, reads it with the program, and prints what it took and what was said.

    python3 .ci/bombs.py PROGRAM

Ends with 1 where a file takes more than 10 s of CPU or 1 GiB, or ends the program by a signal."""

import gzip
import os
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELS = f'<Relationships><Relationship Id="r" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
RELS = (
    f'<Relationships><Relationship Id="s" Type="{REL}/worksheet" Target="sheet.xml"/>'
    f'<Relationship Id="t" Type="{REL}/sharedStrings" Target="strings.xml"/>'
    f'<Relationship Id="f" Type="{REL}/styles" Target="styles.xml"/>%s</Relationships>'
)
WORKBOOK = f'<workbook xmlns:r="{REL}"><sheets><sheet name="A" sheetId="1" r:id="s"/></sheets>%s</workbook>'
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>',
    "</office:spreadsheet></office:body></office:document-content>",
)


def packed(path, parts):
    """A package; a part is a text, or pieces of one with how often each stands there."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in parts.items():
            with package.open(name, "w", force_zip64=True) as part:
                for piece, times in [(content, 1)] if isinstance(content, (str, bytes)) else content:
                    piece = piece.encode() if isinstance(piece, str) else piece
                    at_once = max(1, min(times, 1_000_000 // max(1, len(piece))))
                    for _ in range(times // at_once):
                        part.write(piece * at_once)
                    part.write(piece * (times % at_once))


def xlsx(path, sheet=(), strings=(), styles=(), rels="", names=()):
    usual = [("<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>", 1)]
    packed(
        path,
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": PACKAGE_RELS,
            "xl/workbook.xml": [(WORKBOOK.split("%s")[0], 1), *names, (WORKBOOK.split("%s")[1], 1)],
            "xl/_rels/workbook.xml.rels": [(RELS.split("%s")[0], 1), *rels, (RELS.split("%s")[1], 1)] if rels else RELS % "",
            "xl/sheet.xml": list(sheet) or usual,
            "xl/strings.xml": list(strings) or "<sst><si><t>a</t></si></sst>",
            "xl/styles.xml": list(styles) or "<styleSheet/>",
        },
    )


def cells(inside, times, after=""):
    return [("<worksheet><sheetData>", 1), (inside, times), (f"</sheetData>{after}</worksheet>", 1)]


def ods(path, *tables):
    content = [(ODS[0], 1), *tables, (ODS[1], 1)]
    packed(path, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def record(kind, content):
    return struct.pack("<HH", kind, len(content)) + content


def xls(path, sheets, cells_of, apart):
    """A bare stream of Excel 97: so many sheets, each by itself, or all of them at the same place."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    name = lambda at, n: record(0x85, struct.pack("<IH", at, 0) + b"\x05\x00" + b"%05d" % n)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells_of + record(0x0A, b"")
    start = len(begin) + len(name(0, 0)) * sheets + 4
    places = [start + n * apart * len(sheet) for n in range(sheets)]
    with open(path, "wb") as out:
        out.write(begin + b"".join(name(at, n) for n, at in enumerate(places)) + record(0x0A, b""))
        out.write(sheet * (sheets if apart else 1))


def number(row, column):
    return record(0x203, struct.pack("<HHHd", row, column, 0, 1.0))


def xlsb_number(number):
    out = b""
    while True:
        number, low = number >> 7, number & 0x7F
        out += bytes([low | (0x80 if number else 0)])
        if not number:
            return out


def xlsb_record(kind, content=b""):
    low = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return low + xlsb_number(len(content)) + content


def xlsb(path, strings=(), sheet=()):
    wide = lambda text: struct.pack("<I", len(text)) + text.encode("utf-16-le")
    tab = struct.pack("<II", 0, 1) + wide("s") + wide("A")
    rels = RELS.replace("sheet.xml", "sheet.bin").replace("strings.xml", "strings.bin")
    book = xlsb_record(0x83) + xlsb_record(0x8F) + xlsb_record(0x9C, tab) + xlsb_record(0x90) + xlsb_record(0x84)
    packed(
        path,
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": PACKAGE_RELS.replace(".xml", ".bin"),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": (rels % "").replace("styles.xml", "no.bin"),
            "xl/sheet.bin": [(xlsb_record(0x81) + xlsb_record(0x91), 1), *sheet, (xlsb_record(0x92) + xlsb_record(0x82), 1)],
            "xl/strings.bin": [(xlsb_record(0x9F, struct.pack("<II", 1, 1)), 1), *strings, (xlsb_record(0xA0), 1)],
        },
    )


def many_of_one_name(path):
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as package:
        warnings.simplefilter("ignore")
        for _ in range(18_000):
            package.writestr("a.csv", "A\n")


def gzipped(path, *pieces):
    with gzip.open(path, "wb", compresslevel=6) as out:
        for piece, times in pieces:
            for _ in range(times // 1000):
                out.write(piece * 1000)


ROW = '<row><c t="s"><v>0</v></c></row>'
BOMBS = {
    "15 million defined names": ("a.xlsx", lambda p: xlsx(p, names=[("<definedName>A</definedName>", 15_000_000)])),
    "30 million shared texts, all empty": ("a.xlsx", lambda p: xlsx(p, strings=[("<sst>", 1), ("<si/>", 30_000_000), ("</sst>", 1)])),
    "20 million cell formats": ("a.xlsx", lambda p: xlsx(p, styles=[("<styleSheet><cellXfs>", 1), ("<xf/>", 20_000_000), ("</cellXfs></styleSheet>", 1)])),
    "20 million fonts": ("a.xlsx", lambda p: xlsx(p, styles=[("<styleSheet><fonts>", 1), ("<font/>", 20_000_000), ("</fonts></styleSheet>", 1)])),
    "100 million blank cells": ("a.xlsx", lambda p: xlsx(p, sheet=cells("<row>" + "<c/>" * 100 + "</row>", 1_000_000))),
    "24 million cells of one text": ("a.xlsx", lambda p: xlsx(p, sheet=cells("<row>" + '<c t="s"><v>0</v></c>' * 24 + "</row>", 1_000_000))),
    "a million rows of one text": ("a.xlsx", lambda p: xlsx(p, sheet=cells(ROW, 1_000_000))),
    "a shared text of 500 MB": ("a.xlsx", lambda p: xlsx(p, strings=[("<sst><si><t>", 1), ("a", 500_000_000), ("</t></si></sst>", 1)])),
    "16,000 texts of 30,000 letters": ("a.xlsx", lambda p: xlsx(p, strings=[("<sst>", 1), (f"<si><t>{'a' * 30_000}</t></si>", 16_000), ("</sst>", 1)])),
    "5 million cells of one text of 32,000 letters": ("a.xlsx", lambda p: xlsx(p, strings=[(f"<sst><si><t>{'a' * 32_000}</t></si></sst>", 1)], sheet=cells("<row>" + '<c t="s"><v>0</v></c>' * 50 + "</row>", 100_000))),
    "5 million cells of 32,000 spaces": ("a.xlsx", lambda p: xlsx(p, strings=[(f"<sst><si><t xml:space=\"preserve\">{' ' * 32_000}</t></si></sst>", 1)], sheet=cells("<row>" + '<c t="s"><v>0</v></c>' * 50 + "</row>", 100_000))),
    "12 million texts of escaped letters": ("a.xlsx", lambda p: xlsx(p, strings=[("<sst>", 1), (f"<si><t>{'_x0041_' * 5_000}</t></si>", 12_000), ("</sst>", 1)])),
    "1,500 codes of formats, each of 4,000 sections": ("a.xlsx", lambda p: xlsx(p, styles=[("<styleSheet><numFmts>", 1), ('<numFmt numFmtId="170" formatCode="' + "[&lt;1]0%;" * 4_000 + '"/>', 1_500), ("</numFmts></styleSheet>", 1)])),
    "40 million comments": ("a.xlsx", lambda p: xlsx(p, sheet=[("<worksheet><sheetData>", 1), ("<!-- -->", 40_000_000), ("</sheetData></worksheet>", 1)])),
    "60 million pieces of one text": ("a.xlsx", lambda p: xlsx(p, strings=[("<sst><si>", 1), ("<r/>", 60_000_000), ("</si></sst>", 1)])),
    "10 million merged cells": ("a.xlsx", lambda p: xlsx(p, sheet=cells(ROW, 1, "<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B{n + 1}"/>' for n in range(1, 1000)) * 10_000 + "</mergeCells>"))),
    "12 million relations": ("a.xlsx", lambda p: xlsx(p, rels=[('<Relationship Id="x" Type="y" Target="z"/>', 12_000_000)])),
    "a tag of 500 MB": ("a.xlsx", lambda p: xlsx(p, sheet=[("<worksheet", 1), (" a", 250_000_000), ("/>", 1)])),
    "elements nested 100 million deep": ("a.xlsx", lambda p: xlsx(p, sheet=[("<a>", 100_000_000)])),
    "ods: a cell repeated 2,000 million times": ("a.ods", lambda p: ods(p, ('<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="2000" office:value-type="float" office:value="1"/></table:table-row></table:table>', 1))),
    "ods: blank rows, 5 million times a thousand": ("a.ods", lambda p: ods(p, ("<table:table>", 1), ('<table:table-row table:number-rows-repeated="1000"/>', 5_000_000), ("</table:table>", 1))),
    "ods: two million tables": ("a.ods", lambda p: ods(p, ("<table:table/>", 2_000_000))),
    "ods: a text of 20 million paragraphs": ("a.ods", lambda p: ods(p, ('<table:table><table:table-row><table:table-cell office:value-type="string">', 1), ("<text:p/>", 20_000_000), ("</table:table-cell></table:table-row></table:table>", 1))),
    "ods: a text of a thousand million spaces": ("a.ods", lambda p: ods(p, ('<table:table><table:table-row><table:table-cell office:value-type="string"><text:p><text:s text:c="1000000000"/></text:p></table:table-cell></table:table-row></table:table>', 1))),
    "ods: a manifest of 125 MB": ("a.ods", lambda p: packed(p, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": [("<a/>" * 100, 312_500)], "content.xml": "<a/>"})),
    "ods: 900,000 cells, each merged over a million rows": ("a.ods", lambda p: ods(p, ("<table:table>", 1), ('<table:table-row><table:table-cell table:number-rows-spanned="1000000" office:value-type="string"><text:p>CHILD</text:p></table:table-cell></table:table-row>', 900_000), ("</table:table>", 1))),
    "xls: 250,000 merged cells": ("a.xls", lambda p: xls(p, 1, number(0, 0) + record(0xE5, struct.pack("<H", 1026) + b"\0\0\xff\xff\0\0\0\0" * 1026) * 240, True)),
    "xls: 60,000 sheets that are one": ("a.xls", lambda p: xls(p, 60_000, b"".join(number(r, 0) for r in range(2_000)), False)),
    "xls: cells in far corners of 12 sheets": ("a.xls", lambda p: xls(p, 12, number(0, 0) + number(65_535, 255), True)),
    "xlsb: 40 million shared texts": ("a.xlsb", lambda p: xlsb(p, strings=[(xlsb_record(0x13, b"\0\0\0\0\0"), 40_000_000)])),
    "xlsb: 30 million cells": ("a.xlsb", lambda p: xlsb(p, sheet=[(xlsb_record(0x00, struct.pack("<I", 0) + b"\0" * 13), 30_000_000)])),
    "xlsb: 20 million merged cells": ("a.xlsb", lambda p: xlsb(p, sheet=[(xlsb_record(176, b"\0\0\0\0\xff\xff\x0f\0" + b"\0" * 8), 20_000_000)])),
    "xlsb: 150 million records of nothing": ("a.xlsb", lambda p: xlsb(p, sheet=[(xlsb_record(37), 150_000_000)])),
    "gzip: a CSV list of 2 GB": ("a.csv.gz", lambda p: gzipped(p, (b"CHILD,SEX,DOB,ETHNIC\n", 1000), (b"1,2,3,4\n" * 100, 2_000_000))),
    "CSV: 2 million columns": ("a.csv", lambda p: open(p, "w").write("CHILD" + "," * 2_000_000 + "\n")),
    "CSV: a million rows of commas": ("a.csv", lambda p: open(p, "w").write("CHILD,DOB\n" + ",\n" * 900_000)),
    "CSV: one quotation mark": ("a.csv", lambda p: open(p, "w").write('CHILD,DOB\n"' + "a,b\n" * 450_000)),
    "XML: 80,000 records of as many kinds": ("a.xml", lambda p: open(p, "w").write("<a>" + "".join(f"<k{n}><f>1</f></k{n}>" for n in range(80_000)) + "</a>")),
    "XML: 9,000 elements that share 9,000 fields": ("a.xml", lambda p: open(p, "w").write("<a><b><h>" + "".join(f"<f{n}>1</f{n}>" for n in range(9_000)) + "</h>" + "<e><x>1</x></e>" * 9_000 + "</b></a>")),
    "zip: 1,000 lists of XML, each of 400 kinds": ("a.zip", lambda p: packed(p, {f"l{n}.xml": "<a>" + "".join(f"<k{k}><f>1</f></k{k}>" for k in range(400)) + "</a>" for n in range(1_000)})),
    "zip: a name 18,000 times": ("a.zip", lambda p: many_of_one_name(p)),
    "XML: nested 600,000 deep": ("a.xml", lambda p: open(p, "w").write("<a>" * 600_000)),
}


def measured(program, file):
    out = tempfile.TemporaryFile()
    child = subprocess.Popen([program, "show", file], stdout=subprocess.DEVNULL, stderr=out)
    _, status, used = os.wait4(child.pid, 0)
    out.seek(0)
    said = out.read().decode(errors="replace").strip().splitlines()
    said = said[0].removeprefix("error: ") if said and said[0].startswith("error") else "read"
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, said


def main(program):
    program = os.path.abspath(program)
    worst = 0
    print("| file | KB | CPU, s | MiB | what is said |\n| --- | --- | --- | --- | --- |")
    for what, (name, make) in BOMBS.items():
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, name)
            # In a process of its own: what a process held before it became another counts as the other's.
            maker = os.fork()
            if maker == 0:
                make(file)
                os._exit(0)
            os.waitpid(maker, 0)
            size = os.path.getsize(file) // 1024
            code, cpu, mib, said = measured(program, file)
        print(f"| {what} | {size:,} | {cpu:.1f} | {mib} | {said} |", flush=True)
        if code not in (0, 4) or (size <= 2048 and (cpu > 10 or mib > 1024)):
            print(f"{what}: ended with {code}", file=sys.stderr)
            worst = 1
    return worst


sys.exit(main(sys.argv[1]))
