"""OpenAI Agents SDK, traced by OpenTelemetry's own instrumentation."""

import os

from agents import set_trace_processors
from opentelemetry.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from shared.agents_job import run
from shared.job import finish
from shared.tracing import logger_provider, tracer_provider

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "span_and_event"
set_trace_processors([])
provider = tracer_provider()
logs = logger_provider()
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)

run()
provider.shutdown()
logs.shutdown()
finish("OpenAI Agents SDK", "openai-agents", "opentelemetry-instrumentation-openai-agents-v2")
