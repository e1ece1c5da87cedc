"""On a cluster of Dask: two worker processes here, as many machines as you have elsewhere. A worker that dies costs
time only: its returns are made again by another. python with_dask.py returns out [ADDRESS OF A SCHEDULER]"""

import sys
from pathlib import Path

from distributed import Client, LocalCluster
from one import one, returns, together


def main(folder: str, into: str, scheduler: str | None = None) -> None:
    Path(into).mkdir(parents=True, exist_ok=True)
    cluster = scheduler or LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with Client(cluster) as client:
        made = client.gather(client.map(one, returns(folder), into=into, pure=False, retries=3))
    built = together(made, into)
    print(len(built.figures or []), "figures of", len(made), "councils")


if __name__ == "__main__":
    main(*sys.argv[1:])
