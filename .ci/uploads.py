#!/usr/bin/env python3
"""What `serve` takes: 20 uploads of the example and a return of 50 MB at once, in time and memory.

    .ci/uploads.py [PROGRAM]      prints the table of docs/page.md; target/release/rapporteur unless another is named

The page's own build of everything is asked for over a real socket, and on the command line in turn, so that the two can
be held against each other on a busy machine. Memory is the largest of the server's own, and of it and its runs together.
"""
import http.client, json, os, random, shutil, statistics, struct, subprocess, sys, tempfile, threading, time, zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "target/release/rapporteur"))
EXAMPLE = open(os.path.join(ROOT, "examples/children-in-care-2026-27-q2.xlsx"), "rb").read()
ARGS = ["build", "--json", "--accessible", "-o", "a.xlsx", "--html", "a.html", "--figures", "f.csv",
        "--problems", "p.html", "--printed", "r.html", "--", "q2.xlsx"]


def large(megabytes):
    """A workbook of about so many megabytes: episodes, with a column of free text that no list has."""
    dice = random.Random(1)
    rows = []

    def cell(text):
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    heads = "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN NOTES".split()
    sheet = ['<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>',
             "".join(map(cell, heads)), "</row>"]
    count = 0
    while count < megabytes * 13_000:
        count += 1
        day = dice.randint(43_500, 46_000)
        post = f"{dice.choice('ABCDEFGH')}{dice.choice('ABCDEFGH')}{dice.randint(1, 99)} {dice.randint(1, 9)}{dice.choice('JKLMNP')}{dice.choice('JKLMNP')}"
        values = [f"{dice.randrange(16**10):010x}", day, "S", "C2", "N1", dice.choice(["U4", "U6", "K2"]), "PR1", "", "", "", post, post, f"SC{dice.randrange(10**6):06}", f"{dice.randrange(16**70):x}"]
        typed = [f'<c s="1"><v>{v}</v></c>' if v == day else cell(v) if v else "<c/>" for v in values]
        sheet += ["<row>", *typed, "</row>"]
    sheet.append("</sheetData></worksheet>")
    cover = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
             + "".join(f"<row>{cell(a)}{cell(b)}</row>" for a, b in [("Authority", "Testham"), ("Period", "2026/27 Q2")])
             + "</sheetData></worksheet>")
    path = tempfile.mktemp(suffix=".xlsx")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')
        rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        of = "http://schemas.openxmlformats.org/package/2006/relationships"
        z.writestr("_rels/.rels", f'<Relationships xmlns="{of}"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{of}"><Relationship Id="r1" Type="{rel}/worksheet" Target="c.xml"/><Relationship Id="r2" Type="{rel}/worksheet" Target="e.xml"/><Relationship Id="r3" Type="{rel}/styles" Target="styles.xml"/></Relationships>')
        z.writestr("xl/styles.xml", '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{rel}"><sheets><sheet name="Cover" sheetId="1" r:id="r1"/><sheet name="Episodes" sheetId="2" r:id="r2"/></sheets></workbook>')
        z.writestr("xl/c.xml", cover)
        z.writestr("xl/e.xml", "".join(sheet))
    data = open(path, "rb").read()
    os.remove(path)
    return data, count


class Server:
    def __init__(self):
        self.place = tempfile.mkdtemp()
        env = {**os.environ, "TMPDIR": self.place}
        self.child = subprocess.Popen([PROGRAM, "serve", "--no-browser", "--json"], cwd=self.place, env=env, stdout=subprocess.PIPE, text=True)
        link = json.loads(self.child.stdout.readline())["link"]
        self.host, token = link.removeprefix("http://").split("/", 1)
        page = self.ask("GET", "/" + token, b"", {})
        self.key = json.loads(page.split(b'id="session-data">', 1)[1].split(b"</script>", 1)[0])["key"]

    def ask(self, method, path, body, headers):
        link = http.client.HTTPConnection(self.host, timeout=600)
        link.request(method, path, body, headers)
        answer = link.getresponse()
        data = answer.read()
        assert answer.status == 200, (answer.status, data[:200])
        return data

    def upload(self, workbook):
        head = json.dumps({"args": ARGS, "files": [{"name": "q2.xlsx", "size": len(workbook)}]}).encode()
        body = struct.pack("<I", len(head)) + head + workbook
        begun = time.monotonic()
        answer = self.ask("POST", "/run", body, {"Origin": f"http://{self.host}", "X-Rapporteur-Key": self.key})
        assert b"a.xlsx" in answer[:400], answer[:400]
        return time.monotonic() - begun

    def own_memory(self):
        status = open(f"/proc/{self.child.pid}/status").read()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def end(self):
        self.child.terminate()
        self.child.wait()
        left = os.listdir(self.place)
        assert left == [], left
        shutil.rmtree(self.place)


def of_all(pid):
    """MB that a process and its runs hold now."""
    total = 0
    for one in [str(pid), *open(f"/proc/{pid}/task/{pid}/children").read().split()]:
        try:
            total += int(open(f"/proc/{one}/statm").read().split()[1]) * 4096 / 2**20
        except (FileNotFoundError, ProcessLookupError, IndexError):
            pass  # it has just ended
    return total


def command_line(workbook):
    with tempfile.TemporaryDirectory() as place:
        open(os.path.join(place, "q2.xlsx"), "wb").write(workbook)
        begun = time.monotonic()
        subprocess.run([PROGRAM, *ARGS], cwd=place, stdout=subprocess.DEVNULL, check=False)
        return time.monotonic() - begun


def at_once(workbooks):
    """Seconds until the last is answered, until each kind is, and the memory."""
    server, most, over = Server(), [0], threading.Event()

    def watch():
        while not over.wait(0.02):
            most[0] = max(most[0], of_all(server.child.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    times = [0] * len(workbooks)

    def one(at):
        times[at] = server.upload(workbooks[at])

    all_of_them = [threading.Thread(target=one, args=(at,)) for at in range(len(workbooks))]
    for thread in all_of_them:
        thread.start()
    for thread in all_of_them:
        thread.join()
    over.set()
    watcher.join()
    own = server.own_memory()
    server.end()
    return times, own, most[0]


def main():
    big, rows = large(50)
    print(f"a return of {len(big) / 1e6:.0f} MB, {rows} episodes; the example {len(EXAMPLE) / 1e3:.0f} kB\n")
    server = Server()
    pairs = [(command_line(EXAMPLE), server.upload(EXAMPLE)) for _ in range(15)]
    server.end()
    line, served = (statistics.median(times) for times in zip(*pairs))
    print("| what is dropped | command line, s | served, s | server, MB | with its runs, MB |\n|---|---|---|---|---|")
    print(f"| the example | {line:.2f} | {served:.2f} | | |")
    cases = [("the example, 20 times at once", [EXAMPLE] * 20, 20 * line), (f"{len(big) / 1e6:.0f} MB", [big], command_line(big)),
             (f"{len(big) / 1e6:.0f} MB, and the example 20 times", [big] + [EXAMPLE] * 20, None)]
    for what, workbooks, alone in cases:
        times, own, together = at_once(workbooks)
        print(f"| {what} | {'' if alone is None else f'{alone:.2f}'} | {max(times):.2f} | {own:.0f} | {together:.0f} |", flush=True)
        if len(set(map(len, workbooks))) > 1:
            small = [t for t, book in zip(times, workbooks) if len(book) < 10**7]
            print(f"| of which the examples: median {statistics.median(small):.2f}, last {max(small):.2f} | | | | |")


if __name__ == "__main__":
    main()
