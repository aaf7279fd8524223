"""An order-support agent and a chain of two prompts of LangChain, sent by LangSmith over OpenTelemetry."""

import os

os.environ["LANGSMITH_TRACING"] = "true"
os.environ["LANGSMITH_OTEL_ENABLED"] = "true"
os.environ["LANGSMITH_OTEL_ONLY"] = "true"

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_core.tracers.langchain import wait_for_all_tracers
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from shared.job import PROMPT, QUESTIONS, SESSION, USER, finish, lookup_order, refund_policy
from shared.letters_chain import letters_chain
from shared.tracing import tracer_provider

provider = tracer_provider()

model = ChatOpenAI(model="simulated", temperature=0)
agent = create_agent(
    model,
    [tool(lookup_order), tool(refund_policy)],
    system_prompt=PROMPT,
    checkpointer=InMemorySaver(),
    name="order-support",
)
chain = letters_chain(model)

session = {
    "configurable": {"thread_id": SESSION},
    "metadata": {"session_id": SESSION, "user_id": USER},
}
for question in QUESTIONS:
    answer = agent.invoke({"messages": [{"role": "user", "content": question}]}, session)
    print(answer["messages"][-1].content)
text = "I have been waiting for my parcel for nine days, and nobody answers my calls."
print(chain.invoke({"letter": text}, {"metadata": {"session_id": SESSION}}))

wait_for_all_tracers()
provider.shutdown()

finish("LangChain", "langchain", "langsmith")
