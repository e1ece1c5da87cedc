"""As assets of Dagster: a partition a return, and one asset of all.

    RETURNS=returns OUT=out dagster asset materialize -f with_dagster.py --select exchange_file --partition council000
    RETURNS=returns OUT=out python with_dagster.py          every partition, then all councils
"""

import os
from pathlib import Path

import dagster
from one import one, returns, together

FOLDER, INTO = os.environ.get("RETURNS", "returns"), os.environ.get("OUT", "out")
COUNCILS = dagster.StaticPartitionsDefinition([Path(path).name for path in returns(FOLDER)])


@dagster.asset(partitions_def=COUNCILS)
def exchange_file(context: dagster.AssetExecutionContext) -> str:
    """A council's report, and what it gives to be added up."""
    return one(str(Path(FOLDER) / context.partition_key), INTO)


@dagster.asset
def england(exchange_file: dict[str, str]) -> int:
    """One report of all councils."""
    return len(together(list(exchange_file.values()), INTO).figures or [])


defs = dagster.Definitions(assets=[exchange_file, england])

if __name__ == "__main__":
    Path(INTO).mkdir(parents=True, exist_ok=True)
    instance = dagster.DagsterInstance.ephemeral()
    for council in COUNCILS.get_partition_keys():
        dagster.materialize([exchange_file], partition_key=council, instance=instance)
    made = dagster.materialize([exchange_file, england], selection=[england], instance=instance)
    print(made.output_for_node("england"), "figures of", len(COUNCILS.get_partition_keys()), "councils")
