"""Holds web pages against axe-core in headless Chromium: nothing may be found."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

folder, word, tools = sys.argv[1:4]
pages = sorted(f for f in glob.glob(os.path.join(folder, "*.html")) if word in os.path.basename(f))
if not pages:
    sys.exit(f"no page in {folder}")
with open(os.path.join(tools, "node_modules/axe-core/axe.min.js"), encoding="utf-8") as source:
    axe = source.read()
ASK = """
axe.run(document, { resultTypes: ["violations", "incomplete"] }).then(found => {
  const told = list => list.map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | ")}`);
  const heard = { violations: told(found.violations), unsure: told(found.incomplete), passed: found.passes.length };
  document.documentElement.innerHTML = "";
  document.documentElement.setAttribute("data-axe", encodeURIComponent(JSON.stringify(heard)));
});
"""
# What axe-core cannot tell: the contrast of arrows and of cells beyond a table's edge (our colours are measured), and
# headings over cells that are left for a signature.
LEFT = ("color-contrast:", "th-has-data-cells:")
# At two widths, and as it prints: the rules for paper then hold on the screen, and those for the screen do not.
WAYS = (("at 1280 pixels", 1280, False), ("at 400 pixels", 400, False), ("as printed", 1000, True))


def asked(path, width, printed, place):
    """What axe-core finds on one page, in a browser of its own."""
    with open(path, encoding="utf-8") as page:
        text = page.read()
    if printed:
        text = re.sub(r"@media screen\b", "@media speech", re.sub(r"@media print\b", "@media all", text))
    with tempfile.TemporaryDirectory(dir=place) as own:
        copy = os.path.join(own, "page.html")
        with open(copy, "w", encoding="utf-8") as page:
            page.write(text.replace("</body>", f"<script>{axe}</script><script>{ASK}</script></body>"))
        run = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={own}/profile",
             f"--window-size={width},900", "--virtual-time-budget=60000", "--dump-dom", f"file://{copy}"],
            capture_output=True, text=True, timeout=300,
        )
    answer = re.search(r'data-axe="([^"]*)"', run.stdout)
    if not answer:
        return [f"axe-core gave no answer: {run.stderr[-500:]}"]
    found = json.loads(unquote(answer.group(1)))
    wrong = found["violations"] + [f"not sure: {told}" for told in found["unsure"] if not told.startswith(LEFT)]
    return wrong if found["passed"] else wrong + ["nothing was looked at"]


faults = 0
with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(os.cpu_count()) as browsers:
    looks = [
        (path, way, browsers.submit(asked, path, width, printed, place))
        for path in pages for way, width, printed in WAYS
    ]
    for path, way, look in looks:
        for told in look.result():
            print(f"{os.path.basename(path)} {way}: {told}")
            faults += 1
print(f"{len(pages)} pages held against axe-core, {faults} faults")
sys.exit(1 if faults else 0)
