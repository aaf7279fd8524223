"""An order-support agent and an agent as a tool of another of Strands, recorded by its own OpenTelemetry."""

import json
import os
from importlib.metadata import version

from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry

telemetry = StrandsTelemetry().setup_otlp_exporter()

PROMPT = (
    "You are the support agent of a small shop. Look up the order before you answer, "
    "and say in two sentences where it is."
)


@tool
def lookup_order(order_id: str) -> str:
    """Finds an order by its id and says where it is."""
    return f"Order {order_id} left the depot in Lyon on Monday and arrives on Thursday."


@tool
def refund_policy(country: str) -> str:
    """Says what the refund policy of a country is."""
    return f"Goods can be returned within 30 days in {country}."


def model() -> OpenAIModel:
    arguments = {"base_url": os.environ["OPENAI_BASE_URL"], "api_key": os.environ["OPENAI_API_KEY"]}
    return OpenAIModel(client_args=arguments, model_id="simulated")


session = {"session.id": "session-42", "user.id": "user-7"}
agent = Agent(
    name="order-support",
    model=model(),
    system_prompt=PROMPT,
    tools=[lookup_order, refund_policy],
    trace_attributes=session,
    callback_handler=None,
)
for question in ["Where is order A-1042?", "Where is order B-2077, and what is the refund policy in FR?"]:
    print(agent(question))


@tool
def ask_expert(question: str) -> str:
    """Ask the expert for orders."""
    expert = Agent(
        name="order_expert",
        model=model(),
        system_prompt="You know everything about orders.",
        tools=[lookup_order],
        trace_attributes=session,
        callback_handler=None,
    )
    return str(expert(question))


desk = Agent(
    name="front_desk",
    model=model(),
    system_prompt="You hand questions to an expert and pass the answer on.",
    tools=[ask_expert],
    trace_attributes=session,
    callback_handler=None,
)
print(desk("Where is order C-3001?"))

telemetry.tracer_provider.shutdown()

about = {
    "framework": "Strands Agents",
    "version": version("strands-agents"),
    "instrumentation": f"strands-agents {version('strands-agents')}",
}
print(json.dumps(about))
