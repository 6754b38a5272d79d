# What a case's Python text can name, in a session that may or may not have a server: the same frames as in world.ts.
import datetime
import decimal
import warnings

warnings.filterwarnings("ignore")

from pyspark import StorageLevel  # noqa: E402
from pyspark.sql.connect import functions as F  # noqa: E402
from pyspark.sql.connect.window import Window  # noqa: E402
from pyspark.sql import types as T  # noqa: E402


def names(spark):
    """The names for one session."""
    return {
        "spark": spark,
        "df": spark.table("items"),
        "other": spark.table("labels"),
        "F": F,
        "T": T,
        "Window": Window,
        "StorageLevel": StorageLevel,
        "Decimal": decimal.Decimal,
        "datetime": datetime,
    }
