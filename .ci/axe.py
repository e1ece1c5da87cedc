"""Holds web pages against axe-core in headless Chromium: nothing may be found."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
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
faults = 0
with tempfile.TemporaryDirectory() as place:
    for path in pages:
        with open(path, encoding="utf-8") as page:
            text = page.read()
        asked = os.path.join(place, "page.html")
        with open(asked, "w", encoding="utf-8") as page:
            page.write(text.replace("</body>", f"<script>{axe}</script><script>{ASK}</script></body>"))
        for width in (1280, 400):
            run = subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={place}/profile",
                 f"--window-size={width},900", "--virtual-time-budget=60000", "--dump-dom", f"file://{asked}"],
                capture_output=True, text=True, timeout=300,
            )
            answer = re.search(r'data-axe="([^"]*)"', run.stdout)
            if not answer:
                sys.exit(f"{path}: axe-core gave no answer: {run.stderr[-500:]}")
            found = json.loads(unquote(answer.group(1)))
            wrong = found["violations"] + [f"not sure: {told}" for told in found["unsure"] if not told.startswith(LEFT)]
            if not found["passed"]:
                wrong.append("nothing was looked at")
            for told in wrong:
                print(f"{os.path.basename(path)} at {width} pixels: {told}")
            faults += len(wrong)
print(f"{len(pages)} pages held against axe-core, {faults} faults")
sys.exit(1 if faults else 0)
