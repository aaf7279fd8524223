"""A ReAct agent and a program of two predictors of DSPy, recorded by OpenInference."""

import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"

import dspy
from openinference.instrumentation import using_attributes
from openinference.instrumentation.dspy import DSPyInstrumentor
from openinference.instrumentation.litellm import LiteLLMInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
DSPyInstrumentor().instrument(tracer_provider=provider)
LiteLLMInstrumentor().instrument(tracer_provider=provider)

dspy.configure(
    lm=dspy.LM("openai/simulated", api_base=os.environ["OPENAI_BASE_URL"], cache=False)
)


def lookup_order(order_id: str) -> dict:
    """Look up the status of an order by its id."""
    return {"order_id": order_id, "status": "shipped", "carrier": "Rhone Post"}


def return_policy(country: str) -> str:
    """Say how long an order can be returned from a country."""
    return f"Orders from {country} can be returned within 30 days."


class Support(dspy.Signature):
    """Answer a customer of a parcel shop. Look orders up before you answer."""

    question: str = dspy.InputField()
    answer: str = dspy.OutputField()


class Classify(dspy.Signature):
    """Say in one word what a letter of a customer is about."""

    letter: str = dspy.InputField()
    category: str = dspy.OutputField()


class Reply(dspy.Signature):
    """Write a polite answer to a letter of the given category."""

    letter: str = dspy.InputField()
    category: str = dspy.InputField()
    reply: str = dspy.OutputField()


class Letters(dspy.Module):
    def __init__(self):
        super().__init__()
        self.classify = dspy.Predict(Classify)
        self.write = dspy.ChainOfThought(Reply)

    def forward(self, letter: str):
        category = self.classify(letter=letter).category
        return self.write(letter=letter, category=category)


agent = dspy.ReAct(Support, tools=[lookup_order, return_policy], max_iters=4)
letters = Letters()
with using_attributes(session_id="session-1", user_id="customer-7"):
    for question in ["Where is my order A-1001?", "Can I return A-1002 from France?"]:
        print(agent(question=question).answer)
    print(letters(letter="I have been waiting for my parcel A-1003 for nine days.").reply)

provider.shutdown()
