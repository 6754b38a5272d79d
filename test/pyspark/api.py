# What PySpark's Connect client offers, read off its classes: the public members of each, and for each function calls that its signature allows.
# Writes {"classes": {class: [member]}, "functions": {name: [call]}} to standard output; a call is a list of arguments, {"column"} or {"value"}.
import inspect
import json
import re
import sys

import world  # noqa: F401  (silences the warnings of PySpark's imports)
import pyspark.sql.functions.builtin as documented
from pyspark.sql import functions as public
from pyspark.sql.connect.catalog import Catalog
from pyspark.sql.connect.column import Column
from pyspark.sql.connect.dataframe import DataFrame, DataFrameNaFunctions, DataFrameStatFunctions
from pyspark.sql.connect.group import GroupedData
from pyspark.sql.connect.merge import MergeIntoWriter
from pyspark.sql.connect.readwriter import DataFrameReader, DataFrameWriter, DataFrameWriterV2
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.connect.streaming.query import StreamingQuery, StreamingQueryManager
from pyspark.sql.connect.streaming.readwriter import DataStreamReader, DataStreamWriter
from pyspark.sql.connect.conf import RuntimeConf
from pyspark.sql.connect.tvf import TableValuedFunction
from pyspark.sql.connect.window import Window, WindowSpec

CLASSES = [
    SparkSession,
    RuntimeConf,
    Catalog,
    DataFrame,
    DataFrameNaFunctions,
    DataFrameStatFunctions,
    GroupedData,
    Column,
    Window,
    WindowSpec,
    MergeIntoWriter,
    TableValuedFunction,
    DataFrameReader,
    DataFrameWriter,
    DataFrameWriterV2,
    DataStreamReader,
    DataStreamWriter,
    StreamingQuery,
    StreamingQueryManager,
]

COLUMNS = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]


def members(cls):
    return sorted(name for name in dir(cls) if not name.startswith("_"))


# What a parameter must be where its type says too little.
FIXED = {"sha2": {"numBits": 256}}


def values_of(annotation):
    """The kinds of value, besides a column's name, that a parameter takes: the first is the simplest."""
    text = str(annotation)
    kinds = [
        (r"bool", True),
        (r"\bint\b", 2),
        (r"\bfloat\b", 0.5),
        (r"\bstr\b", "text"),
        (r"\bAny\b", 1),
    ]
    return [value for pattern, value in kinds if re.search(pattern, text)]


def argument(parameter, at, prefers_value):
    """The argument for a parameter, or None where a signature says too little: callbacks, types, maps."""
    text = str(parameter.annotation)
    if re.search(r"Callable|Mapping|StructType|Sequence\[float|DataType|DataFrame|Type\]|bytes", text):
        return None
    values = values_of(text.replace("ColumnOrName", "").replace("pyspark.sql.column.Column", ""))
    if "ColumnOrName" in text and not (prefers_value and values):
        return {"column": COLUMNS[at]}
    if values:
        return {"value": values[0]}
    return {"column": COLUMNS[at]} if "Column" in text else None


def calls(function):
    """Calls with the required arguments, with all, and with plain values wherever they may stand."""
    parameters = list(inspect.signature(function).parameters.values())
    positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    rest = [p for p in parameters if p.kind is p.VAR_POSITIONAL]
    required = [p for p in positional if p.default is p.empty]
    fixed = FIXED.get(function.__name__, {})
    made = []
    for chosen, prefers_value in ((required, False), (positional, False), (positional, True)):
        call = [
            {"value": fixed[p.name]} if p.name in fixed else argument(p, at, prefers_value)
            for at, p in enumerate(chosen)
        ]
        call += [argument(p, len(call) + more, False) for p in rest for more in range(2)]
        if None not in call and call not in made:
            made.append(call)
    return made


# Public in the package, but not functions that make columns.
NO_COLUMNS = {"udf", "udtf", "pandas_udf", "arrow_udf", "arrow_udtf", "unwrap_udt", "broadcast"}


def functions():
    names = {name for name in public.__all__ if inspect.isfunction(getattr(documented, name, None))}
    from pyspark.sql.connect.functions import partitioning

    names |= {"partitioning." + name for name in ("years", "months", "days", "hours", "bucket")}
    answer = {}
    for name in sorted(names):
        if name.startswith("partitioning."):
            answer[name] = calls(getattr(partitioning, name.split(".")[1]))
        else:
            answer[name] = [] if name in NO_COLUMNS else calls(getattr(documented, name))
    return answer


json.dump({"classes": {cls.__name__: members(cls) for cls in CLASSES}, "functions": functions()}, sys.stdout)
