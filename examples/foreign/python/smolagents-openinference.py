"""Agents of smolagents that call tools and that write code, recorded by OpenInference."""

import os

from openinference.instrumentation import using_attributes
from openinference.instrumentation.smolagents import SmolagentsInstrumentor
from shared.job import PROMPT, SESSION, USER, finish
from shared.tracing import tracer_provider

provider = tracer_provider()
SmolagentsInstrumentor().instrument(tracer_provider=provider)

from smolagents import CodeAgent, OpenAIServerModel, ToolCallingAgent, tool


@tool
def lookup_order(order_id: str) -> str:
    """Finds an order by its id and says where it is.

    Args:
        order_id: The id of the order.
    """
    return f"Order {order_id} left the depot in Lyon on Monday and arrives on Thursday."

model = OpenAIServerModel(
    model_id="simulated",
    api_base=os.environ["OPENAI_BASE_URL"],
    api_key=os.environ["OPENAI_API_KEY"],
)
agent = ToolCallingAgent(
    tools=[lookup_order],
    model=model,
    name="order_support",
    description="Answers customers of a parcel shop.",
    instructions=PROMPT,
    max_steps=4,
)
coder = CodeAgent(tools=[lookup_order], model=model, max_steps=4)
with using_attributes(session_id=SESSION, user_id=USER):
    print(agent.run("Where is order A-1042?"))
    print(agent.run("Where is order B-2077?", reset=False))
    print(coder.run("Where is order C-3001?"))

provider.shutdown()

finish("smolagents", "smolagents", "openinference-instrumentation-smolagents")
