"""An order-support agent and a chain of two prompts of LangChain, sent by LangSmith over OpenTelemetry."""

import json
import os
from importlib.metadata import version

os.environ["LANGSMITH_TRACING"] = "true"
os.environ["LANGSMITH_OTEL_ENABLED"] = "true"
os.environ["LANGSMITH_OTEL_ONLY"] = "true"

from langchain.agents import create_agent
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_core.tracers.langchain import wait_for_all_tracers
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)

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


model = ChatOpenAI(model="simulated", temperature=0)
agent = create_agent(
    model,
    [lookup_order, refund_policy],
    system_prompt=PROMPT,
    checkpointer=InMemorySaver(),
    name="order-support",
)
summarize = ChatPromptTemplate.from_messages(
    [("system", "You summarize what a customer writes in one sentence."), ("human", "{letter}")]
)
answer_letter = ChatPromptTemplate.from_messages(
    [("system", "You write a polite answer to a summary of a letter."), ("human", "{summary}")]
)
chain = (
    summarize
    | model
    | StrOutputParser()
    | (lambda summary: {"summary": summary})
    | answer_letter
    | model
    | StrOutputParser()
)

session = {
    "configurable": {"thread_id": "session-42"},
    "metadata": {"session_id": "session-42", "user_id": "user-7"},
}
for question in ["Where is order A-1042?", "Where is order B-2077, and what is the refund policy in FR?"]:
    answer = agent.invoke({"messages": [{"role": "user", "content": question}]}, session)
    print(answer["messages"][-1].content)
text = "I have been waiting for my parcel for nine days, and nobody answers my calls."
print(chain.invoke({"letter": text}, {"metadata": {"session_id": "session-42"}}))

wait_for_all_tracers()
provider.shutdown()

about = {
    "framework": "LangChain",
    "version": version("langchain"),
    "instrumentation": f"langsmith {version('langsmith')}",
}
print(json.dumps(about))
