"""As a Spark job, as on Databricks: a map over the returns' paths. python with_spark.py returns out"""

import sys
from pathlib import Path

from one import one, returns, together
from pyspark.sql import SparkSession


def main(folder: str, into: str) -> None:
    Path(into).mkdir(parents=True, exist_ok=True)
    spark = SparkSession.builder.appName("rapporteur").getOrCreate()
    spark.sparkContext.addPyFile(str(Path(__file__).with_name("one.py")))
    paths = returns(folder)
    made = spark.sparkContext.parallelize(paths, len(paths)).map(lambda each: one(each, into)).collect()
    spark.stop()
    built = together(made, into)
    print(len(built.figures or []), "figures of", len(made), "councils")


if __name__ == "__main__":
    main(*sys.argv[1:])
