"""OpenAI Agents SDK, traced by OpenInference."""

from agents import set_trace_processors
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from shared.agents_job import run
from shared.job import USER, finish
from shared.tracing import tracer_provider

# Nothing goes to the vendor: its own processor is taken out.
set_trace_processors([])
provider = tracer_provider()
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)

run(lambda session_id: using_attributes(session_id=session_id, user_id=USER))
provider.shutdown()
finish("OpenAI Agents SDK", "openai-agents", "openinference-instrumentation-openai-agents")
