"""Google's Gen AI SDK, which calls the tools itself, traced by OpenInference."""

from google import genai
from google.genai import types
from openinference.instrumentation import using_attributes
from openinference.instrumentation.google_genai import GoogleGenAIInstrumentor
from shared.job import PROMPT, QUESTIONS, SESSION, USER, finish, lookup_order, refund_policy
from shared.tracing import tracer_provider

provider = tracer_provider()
GoogleGenAIInstrumentor().instrument(tracer_provider=provider)
client = genai.Client()
config = types.GenerateContentConfig(
    system_instruction=PROMPT, tools=[lookup_order, refund_policy]
)
with using_attributes(session_id=SESSION, user_id=USER):
    for question in QUESTIONS:
        client.models.generate_content(model="gemini-2.5-flash", contents=question, config=config)
provider.shutdown()
finish("Google Gen AI SDK", "google-genai", "openinference-instrumentation-google-genai")
