"""LangWatch's SDK: its decorators and its tracking of an OpenAI client. It sends to its own path, `/api/otel/v1/traces`."""

import os

import langwatch
from openai import OpenAI
from opentelemetry import trace
from shared.job import AGENT, FUNCTIONS, QUESTIONS, SESSION, USER, ask_chat, finish

langwatch.setup(api_key="none", endpoint_url=os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"])
client = OpenAI()
functions = {name: langwatch.span(name=name, type="tool")(run) for name, run in FUNCTIONS.items()}


@langwatch.trace(name=AGENT)
def ask(question: str) -> str:
    current = langwatch.get_current_trace()
    current.update(metadata={"thread_id": SESSION, "user_id": USER})
    current.autotrack_openai_calls(client)
    return ask_chat(client, question, functions)


for question in QUESTIONS:
    ask(question)
trace.get_tracer_provider().force_flush()
finish("LangWatch", "langwatch", "langwatch")
