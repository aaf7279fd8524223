"""An order-support agent of LangGraph, recorded by OpenInference."""

import json
import os
import warnings
from importlib.metadata import version

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


agent = create_agent(
    ChatOpenAI(model="simulated", temperature=0),
    [lookup_order, refund_policy],
    system_prompt=PROMPT,
    checkpointer=InMemorySaver(),
    name="order-support",
)

session = {"configurable": {"thread_id": "session-42"}}
with using_attributes(session_id="session-42", user_id="user-7"):
    for question in ["Where is order A-1042?", "Where is order B-2077, and what is the refund policy in FR?"]:
        answer = agent.invoke({"messages": [{"role": "user", "content": question}]}, session)
        print(answer["messages"][-1].content)

provider.shutdown()

about = {
    "framework": "LangGraph",
    "version": version("langgraph"),
    "instrumentation": f"openinference-instrumentation-langchain {version('openinference-instrumentation-langchain')}",
}
print(json.dumps(about))
