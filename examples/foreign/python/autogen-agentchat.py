"""AutoGen AgentChat with the OpenTelemetry that it brings, its model calls traced by Traceloop's instrumentation."""

import asyncio
import warnings

warnings.simplefilter("ignore")

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_ext.models.openai import OpenAIChatCompletionClient
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from shared.job import (
    EDITOR_PROMPT,
    MODEL,
    PROMPT,
    QUESTIONS,
    finish,
    lookup_order,
    refund_policy,
)
from shared.tracing import tracer_provider

provider = tracer_provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)


async def main() -> None:
    model = OpenAIChatCompletionClient(
        model=MODEL,
        model_info={
            "vision": False,
            "function_calling": True,
            "json_output": True,
            "structured_output": True,
            "family": "unknown",
        },
    )
    support = AssistantAgent(
        "order_support",
        model,
        description="Looks orders up.",
        tools=[lookup_order, refund_policy],
        system_message=PROMPT,
        max_tool_iterations=4,
        reflect_on_tool_use=True,
    )
    editor = AssistantAgent("editor", model, system_message=EDITOR_PROMPT)
    team = RoundRobinGroupChat(
        [support, editor], termination_condition=MaxMessageTermination(9), max_turns=2
    )
    for agent in (support, team):
        for question in QUESTIONS:
            with provider.get_tracer("shop").start_as_current_span("support"):
                await agent.run(task=question)
        await support.on_reset(None)


asyncio.run(main())
provider.shutdown()
finish("AutoGen", "autogen-agentchat", "autogen-core")
