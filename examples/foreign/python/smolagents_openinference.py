"""Agents of smolagents that call tools and that write code, recorded by OpenInference."""

import os

from openinference.instrumentation import using_attributes
from openinference.instrumentation.smolagents import SmolagentsInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
SmolagentsInstrumentor().instrument(tracer_provider=provider)

from smolagents import CodeAgent, OpenAIServerModel, ToolCallingAgent, tool


@tool
def lookup_order(order_id: str) -> str:
    """Look up the status of an order by its id.

    Args:
        order_id: The id of the order.
    """
    return f"Order {order_id} was shipped with Rhone Post."


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
    instructions="You answer customers of a parcel shop. Look orders up before you answer.",
    max_steps=4,
)
coder = CodeAgent(tools=[lookup_order], model=model, max_steps=4)
with using_attributes(session_id="session-1", user_id="customer-7"):
    print(agent.run("Where is my order A-1001?"))
    print(agent.run("And where is my order A-1002?", reset=False))
    print(coder.run("What happened to my parcel A-1003?"))

provider.shutdown()
