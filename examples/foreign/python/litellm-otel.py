"""LiteLLM with its OpenTelemetry callback."""

import json
import os
import time

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_TELEMETRY"] = "False"
# A span of its own for each call, also inside a span of the program.
os.environ["USE_OTEL_LITELLM_REQUEST_SPAN"] = "true"

from shared.tracing import tracer_provider

provider = tracer_provider()

import litellm
from shared.job import AGENT, CHAT_TOOLS, FUNCTIONS, MODEL, PROMPT, QUESTIONS, SESSION, USER, finish

litellm.callbacks = ["otel"]


def ask(question: str) -> str:
    messages = [{"role": "system", "content": PROMPT}, {"role": "user", "content": question}]
    while True:
        reply = litellm.completion(
            model=f"openai/{MODEL}",
            api_base=os.environ["OPENAI_BASE_URL"],
            messages=messages,
            tools=CHAT_TOOLS,
            user=USER,
            metadata={"session_id": SESSION},
        )
        message = reply.choices[0].message
        if not message.tool_calls:
            return message.content
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            answer = FUNCTIONS[call.function.name](**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": answer})


for question in QUESTIONS:
    with provider.get_tracer("shop").start_as_current_span(AGENT):
        ask(question)
# The callback runs in a thread of its own, which nothing waits for.
time.sleep(3)
provider.shutdown()
finish("LiteLLM", "litellm", "litellm")
