"""Reads a result in one way and says what it cost. The query and what is printed are those of read.ts.

python read.py <remote> <collect|rows|toArrow> <query>
"""
import json
import resource
import sys
import time

from pyspark.sql import SparkSession

remote, way, query = sys.argv[1:]
spark = SparkSession.builder.remote(remote).create()
frame = spark.sql(query)
frame.limit(10).collect()


def collect():
    rows = frame.collect()
    return len(rows), rows[-1].id


def rows():
    count, last = 0, None
    for row in frame.toLocalIterator():
        count += 1
        last = row.id
    return count, last


def to_arrow():
    table = frame.toArrow()
    return table.num_rows, table.column("id")[-1].as_py()


read = {"collect": collect, "rows": rows, "toArrow": to_arrow}[way]
before = resource.getrusage(resource.RUSAGE_SELF)
started = time.perf_counter()
count, last = read()
wall = time.perf_counter() - started
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
# Of Linux in KiB.
print(json.dumps({"rows": count, "last": str(last), "wallMs": wall * 1000, "cpuMs": cpu * 1000, "maxRssMiB": after.ru_maxrss / 1024}))
spark.stop()
