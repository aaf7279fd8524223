"""An order-support agent and a chain of two prompts of LangChain, recorded by Traceloop's OpenLLMetry."""

import os

os.environ["TRACELOOP_TELEMETRY"] = "false"
os.environ["TRACELOOP_METRICS_ENABLED"] = "false"
os.environ["LANGSMITH_TRACING"] = "false"
os.environ["TRACELOOP_BASE_URL"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from opentelemetry import trace
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import workflow
from shared.job import PROMPT, SESSION, USER, finish, lookup_order, refund_policy
from shared.letters_chain import letters_chain

Traceloop.init(app_name="order-support", disable_batch=False)
Traceloop.set_association_properties({"session_id": SESSION, "user_id": USER})

model = ChatOpenAI(model="simulated", temperature=0)
agent = create_agent(
    model,
    [tool(lookup_order), tool(refund_policy)],
    system_prompt=PROMPT,
    name="order-support",
)
chain = letters_chain(model)


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

finish("LangChain", "langchain", "opentelemetry-instrumentation-langchain")
