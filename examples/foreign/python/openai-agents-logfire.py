"""OpenAI Agents SDK, traced by Logfire, which sends to any OTLP endpoint."""

import logfire
from agents import Agent, Runner, SQLiteSession, function_tool, set_trace_processors, trace
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

set_trace_processors([])
logfire.configure(send_to_logfire=False, console=False)
logfire.instrument_openai_agents()

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
logfire.shutdown()
finish("OpenAI Agents SDK", "openai-agents", "logfire")
