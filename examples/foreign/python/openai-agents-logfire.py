"""OpenAI Agents SDK, traced by Logfire, which sends to any OTLP endpoint."""

import logfire
from agents import set_trace_processors
from shared.agents_job import run
from shared.job import finish

set_trace_processors([])
logfire.configure(send_to_logfire=False, console=False)
logfire.instrument_openai_agents()

run()
logfire.shutdown()
finish("OpenAI Agents SDK", "openai-agents", "logfire")
