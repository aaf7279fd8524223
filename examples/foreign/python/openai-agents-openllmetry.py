"""OpenAI Agents SDK, traced by Traceloop's instrumentation."""

from agents import set_trace_processors
from opentelemetry.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from shared.agents_job import run
from shared.job import finish
from shared.tracing import tracer_provider

set_trace_processors([])
provider = tracer_provider()
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)

run()
provider.shutdown()
finish("OpenAI Agents SDK", "openai-agents", "opentelemetry-instrumentation-openai-agents")
