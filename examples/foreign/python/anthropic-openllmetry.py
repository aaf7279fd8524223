"""The Anthropic client, traced by Traceloop's instrumentation."""

from anthropic import Anthropic
from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor
from shared.job import AGENT, QUESTIONS, ask_anthropic, finish
from shared.tracing import tracer_provider

provider = tracer_provider()
AnthropicInstrumentor().instrument(tracer_provider=provider)

client = Anthropic()
for question in QUESTIONS:
    with provider.get_tracer("shop").start_as_current_span(AGENT):
        ask_anthropic(client, question)
provider.shutdown()
finish("Anthropic client", "anthropic", "opentelemetry-instrumentation-anthropic")
