"""Agno, traced by OpenInference. In the second form, a team gives the question to a member."""

import os

os.environ["AGNO_TELEMETRY"] = "false"

from agno.agent import Agent
from agno.models.openai import OpenAIChat
from agno.team import Team
from openinference.instrumentation.agno import AgnoInstrumentor
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

provider = tracer_provider()
AgnoInstrumentor().instrument(tracer_provider=provider)

support = Agent(
    name=AGENT,
    model=OpenAIChat(id=MODEL),
    instructions=PROMPT,
    tools=[lookup_order, refund_policy],
    telemetry=False,
)
team = Team(
    name="triage",
    model=OpenAIChat(id=MODEL),
    members=[support],
    instructions=TRIAGE_PROMPT,
    telemetry=False,
)
for agent, session in ((support, SESSION), (team, SECOND_SESSION)):
    for question in QUESTIONS:
        agent.run(question, session_id=session, user_id=USER)
provider.shutdown()
finish("Agno", "agno", "openinference-instrumentation-agno")
