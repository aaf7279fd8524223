"""An order-support agent and a team of two agents of Google's ADK, recorded by its own OpenTelemetry."""

import asyncio
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"
os.environ["GOOGLE_GENAI_USE_VERTEXAI"] = "false"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"

from google.adk.agents import Agent, SequentialAgent
from google.adk.models.lite_llm import LiteLlm
from google.adk.runners import InMemoryRunner
from google.adk.telemetry.setup import maybe_set_otel_providers
from google.genai import types
from opentelemetry import trace
from shared.job import PROMPT, QUESTIONS, USER, finish, lookup_order, refund_policy

maybe_set_otel_providers()

model = LiteLlm("openai/simulated", api_base=os.environ["OPENAI_BASE_URL"])
support = Agent(
    name="order_support",
    model=model,
    instruction=PROMPT,
    tools=[lookup_order, refund_policy],
)
letters = SequentialAgent(
    name="letters",
    sub_agents=[
        Agent(
            name="summarizer",
            model=model,
            instruction="You summarize what a customer writes in one sentence.",
            output_key="summary",
        ),
        Agent(
            name="writer",
            model=model,
            instruction="You write a polite answer to this summary of a letter: {summary}",
        ),
    ],
)


async def ask(agent, questions: list[str]) -> None:
    runner = InMemoryRunner(agent=agent, app_name="orders")
    session = await runner.session_service.create_session(app_name="orders", user_id=USER)
    for question in questions:
        said = types.Content(role="user", parts=[types.Part(text=question)])
        events = runner.run_async(user_id=USER, session_id=session.id, new_message=said)
        async for event in events:
            if event.is_final_response():
                print(event.content.parts[0].text)


async def main() -> None:
    await ask(support, list(QUESTIONS))
    await ask(letters, ["I have been waiting for my parcel for nine days."])


asyncio.run(main())
trace.get_tracer_provider().shutdown()

finish("Google ADK", "google-adk", "google-adk")
