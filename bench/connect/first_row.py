"""The same program as first-row.ts with PySpark's Connect client."""
import json
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(sys.argv[1]).create()
row = spark.sql("select 1 as one").collect()[0]
print(json.dumps(row.asDict()), flush=True)
spark.stop()
