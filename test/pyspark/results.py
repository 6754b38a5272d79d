# Runs each case with PySpark's Connect client on a server. Reads {"remote", "setup": [sql], "cases": {name: python}} from standard input and writes
# {name: {"schema", "rows"} | {"error": condition}} to standard output. Values are written as in canonical.ts.
import datetime
import decimal
import json
import struct
import sys
from concurrent.futures import ThreadPoolExecutor

from world import made_by, names
from pyspark.errors import PySparkException
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.conversion import ArrowTableToRowsConversion
from pyspark.sql.types import Row

EPOCH = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)


def canonical(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return f"whole {value}"
    if isinstance(value, float):
        return "float NaN" if value != value else "float " + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return f"text {value}"
    if isinstance(value, decimal.Decimal):
        return f"decimal {value:f}"
    if isinstance(value, (bytes, bytearray)):
        return f"bytes {bytes(value).hex()}"
    if isinstance(value, datetime.datetime):
        return f"micros {(value - EPOCH) // MICROSECOND}"
    if isinstance(value, datetime.date):
        return f"days {(value - EPOCH.date()).days}"
    if isinstance(value, datetime.timedelta):
        return f"micros {value // MICROSECOND}"
    if isinstance(value, datetime.time):
        since = datetime.datetime.combine(EPOCH.date(), value) - EPOCH
        return f"nanos {since // MICROSECOND * 1000}"
    if isinstance(value, Row) or isinstance(value, (list, tuple)):
        return [canonical(each) for each in value]
    if isinstance(value, dict):
        return {"map": sorted(([canonical(k), canonical(v)] for k, v in value.items()), key=json.dumps)}
    raise TypeError(f"no canonical form of {type(value)}")


def run(text, scope):
    try:
        table, schema = made_by(text, scope)._to_table()
        rows = ArrowTableToRowsConversion.convert(table, schema, binary_as_bytes=True)
        return {"schema": schema.jsonValue(), "rows": [canonical(row) for row in rows]}
    except PySparkException as error:
        return {"error": error.getCondition() or str(error)}
    except Exception as error:
        # Whatever it is, it is this case's alone: the comparison shows it.
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    request = json.load(sys.stdin)
    spark = SparkSession.builder.remote(request["remote"]).create()
    try:
        for statement in request["setup"]:
            spark.sql(statement)
        scope = names(spark)
        cases = request["cases"]
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda text: run(text, scope), cases.values())
            json.dump(dict(zip(cases, answers)), sys.stdout)
    finally:
        spark.stop()


main()
