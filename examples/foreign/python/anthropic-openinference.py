"""The Anthropic client, traced by OpenInference."""

from anthropic import Anthropic
from openinference.instrumentation import using_attributes
from openinference.instrumentation.anthropic import AnthropicInstrumentor
from shared.job import AGENT, QUESTIONS, SESSION, USER, ask_anthropic, finish
from shared.tracing import tracer_provider

provider = tracer_provider()
AnthropicInstrumentor().instrument(tracer_provider=provider)

client = Anthropic()
with using_attributes(session_id=SESSION, user_id=USER):
    for question in QUESTIONS:
        with provider.get_tracer("shop").start_as_current_span(AGENT):
            ask_anthropic(client, question)
provider.shutdown()
finish("Anthropic client", "anthropic", "openinference-instrumentation-anthropic")
