"""OpenAI Agents SDK, traced by OpenInference."""

from agents import Agent, Runner, SQLiteSession, function_tool, set_trace_processors, trace
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from shared.job import (
    AGENT,
    MODEL,
    PROMPT,
    QUESTIONS,
    SECOND_SESSION,
    SESSION,
    TRIAGE_PROMPT,
    USER,
    finish,
    lookup_order,
    refund_policy,
)
from shared.tracing import tracer_provider

# Nothing goes to the vendor: its own processor is taken out.
set_trace_processors([])
provider = tracer_provider()
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
    with using_attributes(session_id=session_id, user_id=USER):
        for question in QUESTIONS:
            with trace("support", group_id=session_id):
                Runner.run_sync(agent, question, session=session)
provider.shutdown()
finish("OpenAI Agents SDK", "openai-agents", "openinference-instrumentation-openai-agents")
