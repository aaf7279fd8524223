"""The OpenAI client, traced by OpenLIT."""

import os

# Prices are in a file of its own: it is not asked for them elsewhere.
prices = os.path.join(os.environ.get("TMPDIR", "/tmp"), "prices.json")
with open(prices, "w", encoding="utf-8") as file:
    file.write("{}")

import openlit
from openai import OpenAI
from opentelemetry import trace
from shared.job import QUESTIONS, ask_chat, finish

openlit.init(
    otlp_endpoint=os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    application_name=os.environ.get("OTEL_SERVICE_NAME", "shop"),
    disable_metrics=True,
    pricing_json=prices,
)
client = OpenAI()


@openlit.trace
def order_support(question: str) -> str:
    return ask_chat(client, question)


for question in QUESTIONS:
    order_support(question)
trace.get_tracer_provider().shutdown()
finish("OpenAI client", "openai", "openlit")
