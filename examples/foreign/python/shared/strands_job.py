"""An order-support agent and an agent as a tool of another of Strands, recorded by its own OpenTelemetry."""

import os

from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry
from shared.job import PROMPT, QUESTIONS, SESSION, USER, finish, lookup_order, refund_policy


def model() -> OpenAIModel:
    arguments = {"base_url": os.environ["OPENAI_BASE_URL"], "api_key": os.environ["OPENAI_API_KEY"]}
    return OpenAIModel(client_args=arguments, model_id="simulated")


def run() -> None:
    telemetry = StrandsTelemetry().setup_otlp_exporter()
    session = {"session.id": SESSION, "user.id": USER}
    agent = Agent(
        name="order-support",
        model=model(),
        system_prompt=PROMPT,
        tools=[tool(lookup_order), tool(refund_policy)],
        trace_attributes=session,
        callback_handler=None,
    )
    for question in QUESTIONS:
        print(agent(question))

    @tool
    def ask_expert(question: str) -> str:
        """Ask the expert for orders."""
        expert = Agent(
            name="order_expert",
            model=model(),
            system_prompt="You know everything about orders.",
            tools=[tool(lookup_order)],
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
    finish("Strands Agents", "strands-agents", "strands-agents")
