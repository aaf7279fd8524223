"""Microsoft Agent Framework with its own instrumentation. In the second form, one agent is a tool of another."""

import asyncio

from agent_framework import Agent
from agent_framework.observability import enable_instrumentation
from agent_framework.openai import OpenAIChatCompletionClient
from shared.job import (
    AGENT,
    MODEL,
    PROMPT,
    QUESTIONS,
    TRIAGE_PROMPT,
    finish,
    lookup_order,
    refund_policy,
)
from shared.tracing import tracer_provider

provider = tracer_provider()
enable_instrumentation(enable_sensitive_data=True)


async def main() -> None:
    client = OpenAIChatCompletionClient(model=MODEL)
    support = Agent(
        client=client,
        name=AGENT,
        description="Looks orders up.",
        instructions=PROMPT,
        tools=[lookup_order, refund_policy],
    )
    triage = Agent(
        client=client,
        name="triage",
        instructions=TRIAGE_PROMPT,
        tools=[support.as_tool(name="transfer_to_order_support")],
    )
    for agent in (support, triage):
        session = agent.create_session()
        for question in QUESTIONS:
            await agent.run(question, session=session)


asyncio.run(main())
provider.shutdown()
finish("Microsoft Agent Framework", "agent-framework-core", "agent-framework-core")
