"""The OpenAI client, traced by Traceloop's instrumentation."""

from openai import OpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from shared.job import AGENT, QUESTIONS, ask_chat, finish
from shared.tracing import tracer_provider

provider = tracer_provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)

client = OpenAI()
for question in QUESTIONS:
    with provider.get_tracer("shop").start_as_current_span(AGENT):
        ask_chat(client, question)
provider.shutdown()
finish("OpenAI client", "openai", "opentelemetry-instrumentation-openai")
