# Builds each case's plan with PySpark's Connect client, without a server: the client's calls end in a stub that keeps the first request.
# Reads {"cases": {name: python}} from standard input and writes {name: {"method", "request" (base64)} | {"error"}} to standard output.
import base64
import json
import sys
import traceback

from world import made_by, names
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.proto import base_pb2 as pb2
from pyspark.sql.connect.session import SparkSession


class Recorded(BaseException):
    """A request that would have gone to the server. No Exception: the client must not take it for an error of the call."""

    def __init__(self, method, request):
        super().__init__(method)
        self.method = method
        self.request = request


class RecordingStub:
    def __getattr__(self, method):
        def call(request, **_):
            raise Recorded(method, request)

        return call


# What a server answers when nothing has been set; createDataFrame asks for them.
DEFAULTS = {
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.session.localRelationCacheThreshold": "1048576",
    "spark.sql.session.localRelationSizeLimit": "3221225472",
    "spark.sql.session.localRelationChunkSizeRows": "10000",
    "spark.sql.session.localRelationChunkSizeBytes": "16777216",
    "spark.sql.session.localRelationBatchOfChunksSizeBytes": "16777216",
    "spark.sql.execution.pandas.convertToArrowArraySafely": "false",
    "spark.sql.execution.pandas.inferPandasDictAsMap": "false",
    "spark.sql.pyspark.inferNestedDictAsStruct.enabled": "false",
    "spark.sql.pyspark.legacy.inferArrayTypeFromFirstElement.enabled": "false",
    "spark.sql.pyspark.legacy.inferMapTypeFromFirstPair.enabled": "false",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
}


def session_without_server():
    spark = SparkSession("sc://localhost:1")
    client = spark._client
    client._stub = RecordingStub()
    client._use_reattachable_execute = False
    client._plan_compression_threshold = -1
    client._plan_compression_algorithm = "NONE"
    client.get_config_dict = lambda *keys: {key: DEFAULTS[key] for key in keys}
    client.get_config_with_defaults = lambda *pairs: tuple(default for _, default in pairs)
    client.get_configs = lambda *keys: tuple(DEFAULTS.get(key) for key in keys)
    run = client.execute_command

    def execute_command(command, *rest):
        # spark.sql() runs its statement at once; the answer of a query is the statement itself.
        if command.HasField("sql_command"):
            return None, {}, None
        return run(command, *rest)

    client.execute_command = execute_command
    # Without a server there is no session to release.
    client.release_session = lambda: None
    return spark


def request_of(result):
    """What a case built, as the request that would run it."""
    if isinstance(result, Recorded):
        return result.method, result.request
    if not isinstance(result, DataFrame):
        raise TypeError(f"the case made neither a frame nor a column nor a request, but {result!r}")
    return "ExecutePlan", pb2.ExecutePlanRequest(plan=result._plan.to_proto(result._session.client))


def anonymous(request):
    """Without what says who asks: session, user, client, operation."""
    bare = type(request)()
    bare.CopyFrom(request)
    for field in ("session_id", "user_context", "client_type", "operation_id", "request_options", "tags"):
        if field in request.DESCRIPTOR.fields_by_name:
            bare.ClearField(field)
    return bare


def build(text, scope):
    try:
        result = made_by(text, scope)
    except Recorded as recorded:
        result = recorded
    method, request = request_of(result)
    return {"method": method, "request": base64.b64encode(anonymous(request).SerializeToString()).decode()}


def main():
    scope = names(session_without_server())
    answers = {}
    for name, text in json.load(sys.stdin)["cases"].items():
        try:
            answers[name] = build(text, scope)
        except Exception:
            answers[name] = {"error": traceback.format_exc(limit=-2)}
    json.dump(answers, sys.stdout)


main()
