"""An order-support agent and a team of two agents of LlamaIndex, recorded by OpenInference."""

import asyncio
import os

from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent
from llama_index.core.workflow import Context
from llama_index.llms.openai_like import OpenAILike
from openinference.instrumentation import using_attributes
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
LlamaIndexInstrumentor().instrument(tracer_provider=provider)


def lookup_order(order_id: str) -> dict:
    """Look up the status of an order by its id."""
    return {"order_id": order_id, "status": "shipped", "carrier": "Rhone Post"}


def return_policy(country: str) -> str:
    """Say how long an order can be returned from a country."""
    return f"Orders from {country} can be returned within 30 days."


model = OpenAILike(
    model="simulated",
    api_base=os.environ["OPENAI_BASE_URL"],
    api_key=os.environ["OPENAI_API_KEY"],
    is_chat_model=True,
    is_function_calling_model=True,
)
support = FunctionAgent(
    name="order_support",
    description="Answers questions about orders.",
    tools=[lookup_order, return_policy],
    llm=model,
    system_prompt="You answer customers of a parcel shop. Look orders up before you answer.",
)
desk = FunctionAgent(
    name="front_desk",
    description="Hands questions on.",
    tools=[],
    llm=model,
    system_prompt="You hand questions about orders to the agent who knows them.",
    can_handoff_to=["order_support"],
)


async def main() -> None:
    context = Context(support)
    with using_attributes(session_id="session-1", user_id="customer-7"):
        for question in ["Where is my order A-1001?", "Can I return A-1002 from France?"]:
            print(await support.run(question, ctx=context))
        team = AgentWorkflow(agents=[desk, support], root_agent="front_desk")
        print(await team.run("What happened to my parcel A-1003?"))


asyncio.run(main())
provider.shutdown()
