"""Reads every sheet of a workbook in one of the usual ways: read.py WAY FILE."""

import sys

way, file = sys.argv[1:]
if way == "polars, fastexcel":
    import polars

    polars.read_excel(file, sheet_id=0, engine="calamine")
else:
    import pandas

    pandas.read_excel(file, sheet_name=None, engine=way.removeprefix("pandas, "))
