"""A crew of one agent with tools and a crew of two agents of CrewAI, recorded by OpenInference."""

import os

os.environ["CREWAI_DISABLE_TELEMETRY"] = "true"
os.environ["CREWAI_TRACING_ENABLED"] = "false"
os.environ["CREWAI_DISABLE_VERSION_CHECK"] = "true"

from openinference.instrumentation import using_attributes
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor
from shared.job import SESSION, USER, finish, lookup_order
from shared.tracing import tracer_provider

provider = tracer_provider()
CrewAIInstrumentor().instrument(tracer_provider=provider)
OpenAIInstrumentor().instrument(tracer_provider=provider)

from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool

model = LLM(model="openai/gpt-4o-mini", base_url=os.environ["OPENAI_BASE_URL"])
support = Agent(
    role="Order support",
    goal="You are the support agent of a small shop. Look up the order before you answer, and say in two sentences where it is.",
    backstory="You know every order.",
    tools=[tool("lookup_order")(lookup_order)],
    llm=model,
)
answer = Task(
    description="Answer the customer: {question}",
    expected_output="An answer of one or two sentences.",
    agent=support,
)
writer = Agent(
    role="Writer",
    goal="Write polite letters.",
    backstory="You were a postman for twenty years.",
    llm=model,
)
letter = Task(
    description="Write a letter to the customer with what the order support found out.",
    expected_output="A short letter.",
    agent=writer,
)
with using_attributes(session_id=SESSION, user_id=USER):
    desk = Crew(agents=[support], tasks=[answer], name="order-support")
    for question in ["Where is order A-1042?", "Where is order B-2077?"]:
        print(desk.kickoff(inputs={"question": question}))
    team = Crew(agents=[support, writer], tasks=[answer, letter], name="letters")
    print(team.kickoff(inputs={"question": "Where is order C-3001?"}))

provider.shutdown()

finish("CrewAI", "crewai", "openinference-instrumentation-crewai")
