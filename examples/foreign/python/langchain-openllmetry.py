"""An order-support agent and a chain of two prompts of LangChain, recorded by Traceloop's OpenLLMetry."""

import json
import os
from importlib.metadata import version

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
Traceloop.set_association_properties({"session_id": "session-42", "user_id": "user-7"})

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


@workflow(name="support")
def support(question: str) -> str:
    answer = agent.invoke({"messages": [{"role": "user", "content": question}]})
    return answer["messages"][-1].content


@workflow(name="letter")
def letter(text: str) -> str:
    return chain.invoke({"letter": text})


print(support("Where is order A-1042?"))
print(support("Where is order B-2077, and what is the refund policy in FR?"))
print(letter("I have been waiting for my parcel for nine days, and nobody answers my calls."))

trace.get_tracer_provider().shutdown()

about = {
    "framework": "LangChain",
    "version": version("langchain"),
    "instrumentation": f"opentelemetry-instrumentation-langchain {version('opentelemetry-instrumentation-langchain')}",
}
print(json.dumps(about))
