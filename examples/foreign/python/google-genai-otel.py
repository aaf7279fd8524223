"""Google's Gen AI SDK, which calls the tools itself, traced by OpenTelemetry's own instrumentation."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"

from google import genai
from google.genai import types
from opentelemetry.instrumentation.google_genai import GoogleGenAiSdkInstrumentor
from shared.job import PROMPT, QUESTIONS, finish, lookup_order, refund_policy
from shared.tracing import logger_provider, tracer_provider

provider = tracer_provider()
logs = logger_provider()
GoogleGenAiSdkInstrumentor().instrument()
client = genai.Client()
config = types.GenerateContentConfig(
    system_instruction=PROMPT, tools=[lookup_order, refund_policy]
)
for question in QUESTIONS:
    client.models.generate_content(model="gemini-2.5-flash", contents=question, config=config)
provider.shutdown()
logs.shutdown()
finish("Google Gen AI SDK", "google-genai", "opentelemetry-instrumentation-google-genai")
