"""The agents of strands_events.py, recorded in the newer conventions that Strands has as an option."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental,gen_ai_tool_definitions"

from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry

telemetry = StrandsTelemetry().setup_otlp_exporter()


@tool
def lookup_order(order_id: str) -> dict:
    """Look up the status of an order by its id."""
    return {"order_id": order_id, "status": "shipped", "carrier": "Rhone Post"}


@tool
def return_policy(country: str) -> str:
    """Say how long an order can be returned from a country."""
    return f"Orders from {country} can be returned within 30 days."


def model() -> OpenAIModel:
    arguments = {"base_url": os.environ["OPENAI_BASE_URL"], "api_key": os.environ["OPENAI_API_KEY"]}
    return OpenAIModel(client_args=arguments, model_id="simulated")


session = {"session.id": "session-1", "user.id": "customer-7"}
agent = Agent(
    name="order_support",
    model=model(),
    system_prompt="You answer customers of a parcel shop. Look orders up before you answer.",
    tools=[lookup_order, return_policy],
    trace_attributes=session,
    callback_handler=None,
)
for question in ["Where is my order A-1001?", "Can I return A-1002 from France?"]:
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
print(desk("What happened to my parcel A-1003?"))

telemetry.tracer_provider.shutdown()
