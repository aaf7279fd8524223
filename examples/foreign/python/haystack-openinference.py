"""An agent and a pipeline of two prompts of Haystack, recorded by OpenInference."""

import os

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Pipeline
from haystack.components.agents import Agent
from haystack.components.builders import ChatPromptBuilder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import tool
from openinference.instrumentation import using_attributes
from openinference.instrumentation.haystack import HaystackInstrumentor
from shared.job import PROMPT, QUESTIONS, SESSION, USER, finish, lookup_order, refund_policy
from shared.tracing import tracer_provider

provider = tracer_provider()
HaystackInstrumentor().instrument(tracer_provider=provider)


def generator() -> OpenAIChatGenerator:
    return OpenAIChatGenerator(model="simulated", api_base_url=os.environ["OPENAI_BASE_URL"])

agent = Agent(
    chat_generator=generator(),
    tools=[tool(lookup_order), tool(refund_policy)],
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

with using_attributes(session_id=SESSION, user_id=USER):
    history: list[ChatMessage] = []
    for question in QUESTIONS:
        history.append(ChatMessage.from_user(question))
        history = agent.run(messages=history)["messages"]
        print(history[-1].text)
    letter = "I have been waiting for my parcel for nine days."
    print(letters.run({"summary_prompt": {"letter": letter}})["writer"]["replies"][0].text)

provider.shutdown()

finish("Haystack", "haystack-ai", "openinference-instrumentation-haystack")
