"""The job that every program does, without a word about how it is traced."""

import json
from importlib.metadata import version

MODEL = "gpt-5-mini"
AGENT = "order-support"
PROMPT = (
    "You are the support agent of a small shop. Look up the order before you answer, "
    "and say in two sentences where it is."
)
TRIAGE_PROMPT = (
    "You are the first contact of a small shop. Hand over to the agent who can answer."
)
EDITOR_PROMPT = "You rewrite answers so that they are friendly. Keep all facts."
QUESTIONS = (
    "Where is order A-1042?",
    "Where is order B-2077, and what is the refund policy in FR?",
)
SESSION, SECOND_SESSION = "session-42", "session-43"
USER = "user-7"


def lookup_order(order_id: str) -> str:
    """Finds an order by its id and says where it is."""
    return f"Order {order_id} left the depot in Lyon on Monday and arrives on Thursday."


def refund_policy(country: str) -> str:
    """Says what the refund policy of a country is."""
    return f"Goods can be returned within 30 days in {country}."


FUNCTIONS = {"lookup_order": lookup_order, "refund_policy": refund_policy}


def _schema(argument: str) -> dict:
    return {
        "type": "object",
        "properties": {argument: {"type": "string"}},
        "required": [argument],
        "additionalProperties": False,
    }


# As OpenAI's APIs define them; other APIs want the same under other names.
DEFINITIONS = [
    {
        "name": "lookup_order",
        "description": lookup_order.__doc__,
        "parameters": _schema("order_id"),
    },
    {
        "name": "refund_policy",
        "description": refund_policy.__doc__,
        "parameters": _schema("country"),
    },
]
CHAT_TOOLS = [{"type": "function", "function": function} for function in DEFINITIONS]


def ask_chat(client, question: str, functions=FUNCTIONS) -> str:
    """The loop of an agent over OpenAI's chat API."""
    messages = [{"role": "system", "content": PROMPT}, {"role": "user", "content": question}]
    while True:
        reply = client.chat.completions.create(model=MODEL, messages=messages, tools=CHAT_TOOLS)
        message = reply.choices[0].message
        if not message.tool_calls:
            return message.content
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            answer = functions[call.function.name](**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": answer})


def ask_anthropic(client, question: str) -> str:
    """The same over Anthropic's messages API."""
    messages = [{"role": "user", "content": question}]
    tools = [
        {
            "name": function["name"],
            "description": function["description"],
            "input_schema": function["parameters"],
        }
        for function in DEFINITIONS
    ]
    while True:
        reply = client.messages.create(
            model="claude-sonnet-4-5", max_tokens=500, system=PROMPT, messages=messages, tools=tools
        )
        calls = [part for part in reply.content if part.type == "tool_use"]
        if not calls:
            return reply.content[0].text
        messages.append({"role": "assistant", "content": [p.model_dump() for p in reply.content]})
        answers = [
            {
                "type": "tool_result",
                "tool_use_id": call.id,
                "content": FUNCTIONS[call.name](**call.input),
            }
            for call in calls
        ]
        messages.append({"role": "user", "content": answers})


def finish(framework: str, package: str, instrumentation: str | None = None) -> None:
    """Says what ran, after everything is sent."""
    by = f"{instrumentation} {version(instrumentation)}" if instrumentation else ""
    print(
        json.dumps({"framework": framework, "version": version(package), "instrumentation": by})
    )
