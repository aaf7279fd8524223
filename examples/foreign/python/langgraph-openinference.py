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
from shared.job import PROMPT, QUESTIONS, SESSION, USER, finish, lookup_order, refund_policy
from shared.tracing import tracer_provider

provider = tracer_provider()
LangChainInstrumentor().instrument(tracer_provider=provider)

agent = create_agent(
    ChatOpenAI(model="simulated", temperature=0),
    [tool(lookup_order), tool(refund_policy)],
    system_prompt=PROMPT,
    checkpointer=InMemorySaver(),
    name="order-support",
)

session = {"configurable": {"thread_id": SESSION}}
with using_attributes(session_id=SESSION, user_id=USER):
    for question in QUESTIONS:
        answer = agent.invoke({"messages": [{"role": "user", "content": question}]}, session)
        print(answer["messages"][-1].content)

provider.shutdown()

finish("LangGraph", "langgraph", "openinference-instrumentation-langchain")
