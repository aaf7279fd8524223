"""LiveKit Agents in text mode, without audio, with its own tracing."""

import asyncio

from livekit.agents import Agent, AgentSession, function_tool
from livekit.agents.telemetry import set_tracer_provider
from livekit.plugins import openai
from shared import job
from shared.tracing import tracer_provider

provider = tracer_provider()
set_tracer_provider(provider)


@function_tool
async def lookup_order(order_id: str) -> str:
    """Finds an order by its id and says where it is."""
    return job.lookup_order(order_id)


@function_tool
async def refund_policy(country: str) -> str:
    """Says what the refund policy of a country is."""
    return job.refund_policy(country)


async def main() -> None:
    async with AgentSession(llm=openai.LLM(model=job.MODEL)) as session:
        await session.start(
            Agent(id=job.AGENT, instructions=job.PROMPT, tools=[lookup_order, refund_policy])
        )
        for question in job.QUESTIONS:
            await session.run(user_input=question)


asyncio.run(main())
provider.shutdown()
job.finish("LiveKit Agents", "livekit-agents", "livekit-agents")
