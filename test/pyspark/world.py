# What a case's Python text can name, in a session that may or may not have a server: the same frames as in world.ts.
import datetime
import decimal
import warnings

warnings.filterwarnings("ignore")

from pyspark import StorageLevel  # noqa: E402
from pyspark.sql.connect import functions as F  # noqa: E402
from pyspark.sql.connect.column import Column  # noqa: E402
from pyspark.sql.connect.avro import functions as avro  # noqa: E402
from pyspark.sql.connect.protobuf import functions as protobuf  # noqa: E402
from pyspark.sql.connect.window import Window  # noqa: E402
from pyspark.sql import types as T  # noqa: E402


# The schema of the view `items`, as far as such methods want to know it.
ITEMS = T.StructType().add("id", "long").add("n", "integer").add("s", "string").add("b", "boolean")


def known(frame):
    frame._cached_schema = ITEMS
    return frame


def names(spark):
    """The names for one session."""
    return {
        "spark": spark,
        "df": spark.table("items"),
        # The same with a schema that need not be asked for: some methods ask first and then build their plan.
        "known": known(spark.table("items")),
        "other": spark.table("labels"),
        "F": F,
        "avro": avro,
        "protobuf": protobuf,
        "T": T,
        "Window": Window,
        "StorageLevel": StorageLevel,
        "Decimal": decimal.Decimal,
        "datetime": datetime,
    }


def made_by(text, scope):
    """What a case's Python text makes: its one expression's value, or of several lines what they call `result`."""
    if "\n" in text:
        local = dict(scope)
        exec(text, local)
        made = local["result"]
    else:
        made = eval(text, dict(scope))
    # Some methods make several frames; the last one stands for them.
    if isinstance(made, (list, tuple)) and made:
        made = made[-1]
    return scope["df"].select(made) if isinstance(made, Column) else made
