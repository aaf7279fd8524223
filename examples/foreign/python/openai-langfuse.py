"""Langfuse's SDK: its decorator and its OpenAI client. It sends to its own path, `/api/public/otel/v1/traces`."""

import os

os.environ["LANGFUSE_BASE_URL"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
os.environ["LANGFUSE_PUBLIC_KEY"] = "pk-lf-none"
os.environ["LANGFUSE_SECRET_KEY"] = "sk-lf-none"

from langfuse import get_client, observe, propagate_attributes
from langfuse.openai import OpenAI
from shared.job import AGENT, FUNCTIONS, QUESTIONS, SESSION, USER, ask_chat, finish

client = OpenAI()
functions = {name: observe(name=name, as_type="tool")(run) for name, run in FUNCTIONS.items()}


@observe(name=AGENT, as_type="agent")
def ask(question: str) -> str:
    return ask_chat(client, question, functions)


for question in QUESTIONS:
    with propagate_attributes(session_id=SESSION, user_id=USER):
        ask(question)
get_client().shutdown()
finish("Langfuse", "langfuse", "langfuse")
