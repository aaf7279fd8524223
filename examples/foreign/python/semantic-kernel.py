"""Semantic Kernel with its own instrumentation of agents and models, which writes content through Python's logging."""

import asyncio
import logging
import os

os.environ["SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE"] = "true"

from openai import AsyncOpenAI
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion
from semantic_kernel.functions import kernel_function
from shared import job
from shared.tracing import logger_provider, tracer_provider

provider = tracer_provider()
logs = logger_provider()
handler = LoggingHandler(logger_provider=logs)
handler.addFilter(logging.Filter("semantic_kernel"))
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.INFO)


class Shop:
    @kernel_function(description=job.lookup_order.__doc__)
    def lookup_order(self, order_id: str) -> str:
        return job.lookup_order(order_id)

    @kernel_function(description=job.refund_policy.__doc__)
    def refund_policy(self, country: str) -> str:
        return job.refund_policy(country)


async def main() -> None:
    service = OpenAIChatCompletion(
        ai_model_id=job.MODEL, async_client=AsyncOpenAI(base_url=os.environ["OPENAI_BASE_URL"])
    )
    support = ChatCompletionAgent(
        service=service, name=job.AGENT, instructions=job.PROMPT, plugins=[Shop()]
    )
    thread = None
    for question in job.QUESTIONS:
        reply = await support.get_response(messages=question, thread=thread)
        thread = reply.thread


asyncio.run(main())
provider.shutdown()
logs.shutdown()
job.finish("Semantic Kernel", "semantic-kernel", "semantic-kernel")
