"""Amazon Bedrock's Converse API, traced by OpenInference. AWS_ENDPOINT_URL_BEDROCK_RUNTIME names the endpoint."""

import boto3
from openinference.instrumentation import using_attributes
from openinference.instrumentation.bedrock import BedrockInstrumentor
from shared.job import AGENT, DEFINITIONS, FUNCTIONS, PROMPT, QUESTIONS, SESSION, USER, finish
from shared.tracing import tracer_provider

provider = tracer_provider()
BedrockInstrumentor().instrument(tracer_provider=provider)
client = boto3.client("bedrock-runtime")
tools = [
    {
        "toolSpec": {
            "name": function["name"],
            "description": function["description"],
            "inputSchema": {"json": function["parameters"]},
        }
    }
    for function in DEFINITIONS
]


def ask(question: str) -> str:
    messages = [{"role": "user", "content": [{"text": question}]}]
    while True:
        reply = client.converse(
            modelId="anthropic.claude-3-5-sonnet-20241022-v2:0",
            system=[{"text": PROMPT}],
            messages=messages,
            toolConfig={"tools": tools},
        )
        message = reply["output"]["message"]
        calls = [part["toolUse"] for part in message["content"] if "toolUse" in part]
        if not calls:
            return message["content"][0]["text"]
        messages.append(message)
        answers = [
            {
                "toolResult": {
                    "toolUseId": call["toolUseId"],
                    "content": [{"text": FUNCTIONS[call["name"]](**call["input"])}],
                }
            }
            for call in calls
        ]
        messages.append({"role": "user", "content": answers})


with using_attributes(session_id=SESSION, user_id=USER):
    for question in QUESTIONS:
        with provider.get_tracer("shop").start_as_current_span(AGENT):
            ask(question)
provider.shutdown()
finish("Amazon Bedrock", "boto3", "openinference-instrumentation-bedrock")
