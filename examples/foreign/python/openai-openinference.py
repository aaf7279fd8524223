"""The OpenAI client's two APIs, traced by OpenInference, with an agent's and its tools' spans from its decorators."""

import json

from openai import OpenAI
from openinference.instrumentation import TracerProvider, using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from shared.job import (
    AGENT,
    DEFINITIONS,
    FUNCTIONS,
    MODEL,
    PROMPT,
    QUESTIONS,
    SECOND_SESSION,
    SESSION,
    USER,
    ask_chat,
    finish,
)

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
tracer = provider.get_tracer("shop")
OpenAIInstrumentor().instrument(tracer_provider=provider)
client = OpenAI()
functions = {name: tracer.tool(name=name)(run) for name, run in FUNCTIONS.items()}


@tracer.agent(name=AGENT)
def chat(question: str) -> str:
    return ask_chat(client, question, functions)


@tracer.agent(name=AGENT)
def respond(question: str) -> str:
    tools = [{"type": "function", **function} for function in DEFINITIONS]
    items = [{"role": "user", "content": question}]
    while True:
        reply = client.responses.create(model=MODEL, instructions=PROMPT, input=items, tools=tools)
        calls = [item for item in reply.output if item.type == "function_call"]
        if not calls:
            return reply.output_text
        for call in calls:
            items.append(call.model_dump(exclude_none=True))
            answer = functions[call.name](**json.loads(call.arguments))
            items.append(
                {"type": "function_call_output", "call_id": call.call_id, "output": answer}
            )


for ask, session in ((chat, SESSION), (respond, SECOND_SESSION)):
    with using_attributes(session_id=session, user_id=USER):
        for question in QUESTIONS:
            ask(question)
provider.shutdown()
finish("OpenAI client", "openai", "openinference-instrumentation-openai")
