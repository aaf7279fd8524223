"""An agent and a pipeline of two prompts of Haystack, recorded by OpenInference."""

import json
import os
from importlib.metadata import version

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Pipeline
from haystack.components.agents import Agent
from haystack.components.builders import ChatPromptBuilder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import tool
from openinference.instrumentation import using_attributes
from openinference.instrumentation.haystack import HaystackInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
HaystackInstrumentor().instrument(tracer_provider=provider)

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


def generator() -> OpenAIChatGenerator:
    return OpenAIChatGenerator(model="simulated", api_base_url=os.environ["OPENAI_BASE_URL"])


agent = Agent(
    chat_generator=generator(),
    tools=[lookup_order, refund_policy],
    system_prompt=PROMPT,
)

letters = Pipeline()
summarize = [
    ChatMessage.from_system("You summarize what a customer writes in one sentence."),
    ChatMessage.from_user("{{letter}}"),
]
answer = [
    ChatMessage.from_system("You write a polite answer to a summary of a letter."),
    ChatMessage.from_user("{{summary[0].text}}"),
]
letters.add_component("summary_prompt", ChatPromptBuilder(template=summarize, required_variables="*"))
letters.add_component("summarizer", generator())
letters.add_component("answer_prompt", ChatPromptBuilder(template=answer, required_variables="*"))
letters.add_component("writer", generator())
letters.connect("summary_prompt", "summarizer")
letters.connect("summarizer.replies", "answer_prompt.summary")
letters.connect("answer_prompt", "writer")

with using_attributes(session_id="session-42", user_id="user-7"):
    history: list[ChatMessage] = []
    for question in ["Where is order A-1042?", "Where is order B-2077, and what is the refund policy in FR?"]:
        history.append(ChatMessage.from_user(question))
        history = agent.run(messages=history)["messages"]
        print(history[-1].text)
    letter = "I have been waiting for my parcel for nine days."
    print(letters.run({"summary_prompt": {"letter": letter}})["writer"]["replies"][0].text)

provider.shutdown()

about = {
    "framework": "Haystack",
    "version": version("haystack-ai"),
    "instrumentation": f"openinference-instrumentation-haystack {version('openinference-instrumentation-haystack')}",
}
print(json.dumps(about))
