"""An order-support agent and a team of two agents of LlamaIndex, recorded by OpenInference."""

import asyncio
import os

from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent
from llama_index.core.workflow import Context
from llama_index.llms.openai_like import OpenAILike
from openinference.instrumentation import using_attributes
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor
from shared.job import PROMPT, QUESTIONS, SESSION, USER, finish, lookup_order, refund_policy
from shared.tracing import tracer_provider

provider = tracer_provider()
LlamaIndexInstrumentor().instrument(tracer_provider=provider)

model = OpenAILike(
    model="simulated",
    api_base=os.environ["OPENAI_BASE_URL"],
    api_key=os.environ["OPENAI_API_KEY"],
    is_chat_model=True,
    is_function_calling_model=True,
)
support = FunctionAgent(
    name="order_support",
    description="Answers questions about orders.",
    tools=[lookup_order, refund_policy],
    llm=model,
    system_prompt=PROMPT,
)
desk = FunctionAgent(
    name="front_desk",
    description="Hands questions on.",
    tools=[],
    llm=model,
    system_prompt="You hand questions about orders to the agent who knows them.",
    can_handoff_to=["order_support"],
)


async def main() -> None:
    context = Context(support)
    with using_attributes(session_id=SESSION, user_id=USER):
        for question in QUESTIONS:
            print(await support.run(question, ctx=context))
        team = AgentWorkflow(agents=[desk, support], root_agent="front_desk")
        print(await team.run("Where is order C-3001?"))


asyncio.run(main())
provider.shutdown()

finish("LlamaIndex", "llama-index-core", "openinference-instrumentation-llama-index")
