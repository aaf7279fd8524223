"""An agent with tools and one that hands over to it, of the OpenAI Agents SDK: two questions in a session of each."""

from contextlib import nullcontext

from agents import Agent, Runner, SQLiteSession, function_tool, trace
from shared.job import (
    AGENT,
    MODEL,
    PROMPT,
    QUESTIONS,
    SECOND_SESSION,
    SESSION,
    TRIAGE_PROMPT,
    lookup_order,
    refund_policy,
)


def run(within=lambda session_id: nullcontext()) -> None:
    """`within` makes the context in which the runs of a session are."""
    support = Agent(
        name=AGENT,
        instructions=PROMPT,
        model=MODEL,
        tools=[function_tool(lookup_order), function_tool(refund_policy)],
    )
    triage = Agent(name="triage", instructions=TRIAGE_PROMPT, model=MODEL, handoffs=[support])
    for agent, session_id in ((support, SESSION), (triage, SECOND_SESSION)):
        session = SQLiteSession(session_id)
        with within(session_id):
            for question in QUESTIONS:
                with trace("support", group_id=session_id):
                    Runner.run_sync(agent, question, session=session)
