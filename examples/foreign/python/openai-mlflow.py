"""MLflow's tracing of the OpenAI client, exported over OTLP."""

import os

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = (
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
)
os.environ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf"

import mlflow
from mlflow.entities import SpanType
from openai import OpenAI
from shared.job import AGENT, FUNCTIONS, QUESTIONS, SESSION, USER, ask_chat, finish

mlflow.openai.autolog()
client = OpenAI()
functions = {
    name: mlflow.trace(run, name=name, span_type=SpanType.TOOL) for name, run in FUNCTIONS.items()
}


@mlflow.trace(name=AGENT, span_type=SpanType.AGENT)
def ask(question: str) -> str:
    mlflow.update_current_trace(
        metadata={"mlflow.trace.session": SESSION, "mlflow.trace.user": USER}
    )
    return ask_chat(client, question, functions)


for question in QUESTIONS:
    ask(question)
mlflow.flush_trace_async_logging()
finish("MLflow", "mlflow", "mlflow")
