"""An order-support agent and a team of two agents of LlamaIndex, recorded by OpenInference."""

import asyncio
import json
import os
from importlib.metadata import version

from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent
from llama_index.core.workflow import Context
from llama_index.llms.openai_like import OpenAILike
from openinference.instrumentation import using_attributes
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
LlamaIndexInstrumentor().instrument(tracer_provider=provider)

PROMPT = (
    "You are the support agent of a small shop. Look up the order before you answer, "
    "and say in two sentences where it is."
)


def lookup_order(order_id: str) -> str:
    """Finds an order by its id and says where it is."""
    return f"Order {order_id} left the depot in Lyon on Monday and arrives on Thursday."


def refund_policy(country: str) -> str:
    """Says what the refund policy of a country is."""
    return f"Goods can be returned within 30 days in {country}."


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
    with using_attributes(session_id="session-42", user_id="user-7"):
        for question in ["Where is order A-1042?", "Where is order B-2077, and what is the refund policy in FR?"]:
            print(await support.run(question, ctx=context))
        team = AgentWorkflow(agents=[desk, support], root_agent="front_desk")
        print(await team.run("Where is order C-3001?"))


asyncio.run(main())
provider.shutdown()

about = {
    "framework": "LlamaIndex",
    "version": version("llama-index-core"),
    "instrumentation": f"openinference-instrumentation-llama-index {version('openinference-instrumentation-llama-index')}",
}
print(json.dumps(about))
