"""OpenAI Agents SDK, traced by OpenTelemetry's own instrumentation."""

import os

from agents import Agent, Runner, SQLiteSession, function_tool, set_trace_processors, trace
from opentelemetry.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from shared.job import (
    AGENT,
    MODEL,
    PROMPT,
    QUESTIONS,
    SECOND_SESSION,
    SESSION,
    TRIAGE_PROMPT,
    finish,
    lookup_order,
    refund_policy,
)
from shared.tracing import logger_provider, tracer_provider

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "span_and_event"
set_trace_processors([])
provider = tracer_provider()
logs = logger_provider()
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)

support = Agent(
    name=AGENT,
    instructions=PROMPT,
    model=MODEL,
    tools=[function_tool(lookup_order), function_tool(refund_policy)],
)
triage = Agent(name="triage", instructions=TRIAGE_PROMPT, model=MODEL, handoffs=[support])
for agent, session_id in ((support, SESSION), (triage, SECOND_SESSION)):
    session = SQLiteSession(session_id)
    for question in QUESTIONS:
        with trace("support", group_id=session_id):
            Runner.run_sync(agent, question, session=session)
provider.shutdown()
logs.shutdown()
finish("OpenAI Agents SDK", "openai-agents", "opentelemetry-instrumentation-openai-agents-v2")
