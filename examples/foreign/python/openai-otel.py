"""The OpenAI client, traced by OpenTelemetry's own instrumentation. Content comes as log events."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "EVENT_ONLY"
os.environ["OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT"] = "true"

from openai import OpenAI
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from shared.job import AGENT, QUESTIONS, ask_chat, finish
from shared.tracing import logger_provider, tracer_provider

provider = tracer_provider()
logs = logger_provider()
OpenAIInstrumentor().instrument()

client = OpenAI()
for question in QUESTIONS:
    with provider.get_tracer("shop").start_as_current_span(AGENT):
        ask_chat(client, question)
provider.shutdown()
logs.shutdown()
finish("OpenAI client", "openai", "opentelemetry-instrumentation-openai-v2")
