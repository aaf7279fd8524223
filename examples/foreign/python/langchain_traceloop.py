"""An order-support agent and a chain of two prompts of LangChain, recorded by Traceloop's OpenLLMetry."""

import os

os.environ["TRACELOOP_TELEMETRY"] = "false"
os.environ["TRACELOOP_METRICS_ENABLED"] = "false"
os.environ["LANGSMITH_TRACING"] = "false"
os.environ["TRACELOOP_BASE_URL"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]

from langchain.agents import create_agent
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from opentelemetry import trace
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import workflow

Traceloop.init(app_name="order-support", disable_batch=False)
Traceloop.set_association_properties({"session_id": "session-1", "user_id": "customer-7"})


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


@workflow(name="support")
def support(question: str) -> str:
    answer = agent.invoke({"messages": [{"role": "user", "content": question}]})
    return answer["messages"][-1].content


@workflow(name="letter")
def letter(text: str) -> str:
    return chain.invoke({"letter": text})


print(support("Where is my order A-1001?"))
print(support("Can I return A-1002 from France?"))
print(letter("I have been waiting for my parcel for nine days, and nobody answers my calls."))

trace.get_tracer_provider().shutdown()
