"""Reads a workbook with each of the usual libraries, every sheet of it, each in a process of its own: wall
time, CPU time of all threads, peak memory. Beside them a whole build of the appendix, which counts and
writes as well."""

import os
import subprocess
import sys
import tempfile
import time

READ = {
    "polars, fastexcel": "import polars; polars.read_excel(F, sheet_id=0, engine='calamine')",
    "pandas, calamine": "import pandas; pandas.read_excel(F, sheet_name=None, engine='calamine')",
    "pandas, openpyxl": "import pandas; pandas.read_excel(F, sheet_name=None, engine='openpyxl')",
}


def measured(command, folder):
    nowhere = subprocess.DEVNULL
    begun = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=nowhere)
    _, status, used = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    return code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(file, program):
    file, program = os.path.abspath(file), os.path.abspath(program)
    print(f"{'':<20} {'wall, s':>8} {'CPU, s':>8} {'MiB':>7}")
    ways = {name: [sys.executable, "-c", f"F = {file!r}; {code}"] for name, code in READ.items()}
    with tempfile.TemporaryDirectory() as folder:
        build = [program, "build", file, "-o", "appendix.xlsx"]
        for name, command in {"rapporteur build": build, **ways}.items():
            code, wall, cpu, mib = measured(command, folder)
            fault = "" if code in (0, 1) else f"  ended with {code}"
            print(f"{name:<20} {wall:>8.2f} {cpu:>8.2f} {mib:>7.0f}{fault}", flush=True)


main(*sys.argv[1:])
