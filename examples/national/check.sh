#!/usr/bin/env bash
# Runs every way over the same made-up councils and compares: exchange files and the report of all must be equal to the
# byte. The second Dask run loses a worker half-way. Usage: ./check.sh WHEEL [COUNCILS]
# Installs Dask, Spark (which wants Java) and Dagster beside itself into ./env on the first run.
set -euo pipefail
cd "$(dirname "$0")"
wheel=$1 councils=${2:-153}
if [ ! -x env/bin/python ]; then
  python3 -m venv env
  env/bin/pip install --quiet distributed pyspark dagster
fi
env/bin/pip install --quiet --force-reinstall --no-deps "$wheel"
export PATH="$PWD/env/bin:$PATH"
rm -rf returns out-*
python make.py returns "$councils"

timed() { local began; began=$(date +%s.%N); "$@" >/dev/null 2>errors.txt || { cat errors.txt; exit 1; }
  printf '%-28s %6.1f s\n' "$name" "$(echo "$(date +%s.%N) - $began" | bc)"; }
same() {
  for file in out-loop/*-exchange.csv out-loop/england.xlsx; do
    cmp "$file" "$1/$(basename "$file")" || { echo "$1 differs from the loop"; exit 1; }
  done
}

name="a loop"; timed python with_loop.py returns out-loop
name="build DIR --jobs 2"; timed rapporteur build returns --jobs 2 -o out-jobs --exchange exchange.csv
rapporteur combine out-jobs --area England --area-code E92000001 --disclosure dfe -o out-jobs/england.xlsx >/dev/null
same out-jobs
name="Dask, two workers"; timed python with_dask.py returns out-dask; same out-dask
name="Dask, one worker killed"; timed python with_dask_killed.py returns out-killed; same out-killed
name="Spark"; timed python with_spark.py returns out-spark; same out-spark
name="Dagster"; RETURNS=returns OUT=out-dagster timed python with_dagster.py; same out-dagster
echo "all equal to the byte"
