"""Pydantic AI with its own instrumentation. In the second form, one agent is a tool of another."""

from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentationSettings
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
from shared.tracing import tracer_provider

provider = tracer_provider()
Agent.instrument_all(InstrumentationSettings(tracer_provider=provider))

model = f"openai-chat:{MODEL}"
support = Agent(model, name=AGENT, instructions=PROMPT, tools=[lookup_order, refund_policy])
triage = Agent(model, name="triage", instructions=TRIAGE_PROMPT)


@triage.tool_plain
async def transfer_to_order_support(question: str) -> str:
    """Hands a question over to the support agent."""
    return (await support.run(question)).output


for agent, conversation in ((support, SESSION), (triage, SECOND_SESSION)):
    history = []
    for question in QUESTIONS:
        result = agent.run_sync(
            question, message_history=history, conversation_id=conversation
        )
        history = result.all_messages()
provider.shutdown()
finish("Pydantic AI", "pydantic-ai-slim", "pydantic-ai-slim")
