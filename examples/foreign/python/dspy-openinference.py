"""A ReAct agent and a program of two predictors of DSPy, recorded by OpenInference."""

import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"

import dspy
from openinference.instrumentation import using_attributes
from openinference.instrumentation.dspy import DSPyInstrumentor
from openinference.instrumentation.litellm import LiteLLMInstrumentor
from shared.job import QUESTIONS, SESSION, USER, finish, lookup_order, refund_policy
from shared.tracing import tracer_provider

provider = tracer_provider()
DSPyInstrumentor().instrument(tracer_provider=provider)
LiteLLMInstrumentor().instrument(tracer_provider=provider)

dspy.configure(
    lm=dspy.LM("openai/simulated", api_base=os.environ["OPENAI_BASE_URL"], cache=False)
)


class Support(dspy.Signature):
    """You are the support agent of a small shop. Look up the order before you answer, and say in two sentences where it is."""

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

agent = dspy.ReAct(Support, tools=[lookup_order, refund_policy], max_iters=4)
letters = Letters()
with using_attributes(session_id=SESSION, user_id=USER):
    for question in QUESTIONS:
        print(agent(question=question).answer)
    print(letters(letter="I have been waiting for my parcel A-1003 for nine days.").reply)

provider.shutdown()

finish("DSPy", "dspy", "openinference-instrumentation-dspy")
