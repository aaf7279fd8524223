"""An order-support agent of LangGraph, recorded by OpenInference."""

import os
import warnings

warnings.simplefilter("ignore")
os.environ["LANGSMITH_TRACING"] = "false"

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from openinference.instrumentation import using_attributes
from openinference.instrumentation.langchain import LangChainInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
LangChainInstrumentor().instrument(tracer_provider=provider)


@tool
def lookup_order(order_id: str) -> dict:
    """Look up the status of an order by its id."""
    return {"order_id": order_id, "status": "shipped", "carrier": "Rhone Post"}


@tool
def return_policy(country: str) -> str:
    """Say how long an order can be returned from a country."""
    return f"Orders from {country} can be returned within 30 days."


agent = create_agent(
    ChatOpenAI(model="simulated", temperature=0),
    [lookup_order, return_policy],
    system_prompt="You answer customers of a parcel shop. Look orders up before you answer.",
    checkpointer=InMemorySaver(),
    name="order_support",
)

session = {"configurable": {"thread_id": "session-1"}}
with using_attributes(session_id="session-1", user_id="customer-7"):
    for question in ["Where is my order A-1001?", "Can I return A-1002 from France?"]:
        answer = agent.invoke({"messages": [{"role": "user", "content": question}]}, session)
        print(answer["messages"][-1].content)

provider.shutdown()
