#!/usr/bin/env bash
# Times what others read a workbook with: benches/peers/run.sh FILE [PROGRAM]
# PROGRAM is a rapporteur to put beside them (target/release/rapporteur where none is named).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
file=$1
program=${2:-$here/../../target/release/rapporteur}
peers=${PEERS:-$here/../../target/peers}
if [ ! -x "$peers/bin/python" ]; then
  python3 -m venv "$peers"
  "$peers/bin/pip" install --quiet polars fastexcel pandas python-calamine openpyxl
fi
exec "$peers/bin/python" "$here/peers.py" "$file" "$program"
