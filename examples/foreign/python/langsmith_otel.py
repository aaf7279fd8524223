"""An order-support agent and a chain of two prompts of LangChain, sent by LangSmith over OpenTelemetry."""

import os

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


@tool
def lookup_order(order_id: str) -> dict:
    """Look up the status of an order by its id."""
    return {"order_id": order_id, "status": "shipped", "carrier": "Rhone Post"}


@tool
def return_policy(country: str) -> str:
    """Say how long an order can be returned from a country."""
    return f"Orders from {country} can be returned within 30 days."


model = ChatOpenAI(model="simulated", temperature=0)
agent = create_agent(
    model,
    [lookup_order, return_policy],
    system_prompt="You answer customers of a parcel shop. Look orders up before you answer.",
    checkpointer=InMemorySaver(),
    name="order_support",
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
    "configurable": {"thread_id": "session-1"},
    "metadata": {"session_id": "session-1", "user_id": "customer-7"},
}
for question in ["Where is my order A-1001?", "Can I return A-1002 from France?"]:
    answer = agent.invoke({"messages": [{"role": "user", "content": question}]}, session)
    print(answer["messages"][-1].content)
text = "I have been waiting for my parcel for nine days, and nobody answers my calls."
print(chain.invoke({"letter": text}, {"metadata": {"session_id": "session-1"}}))

wait_for_all_tracers()
provider.shutdown()
