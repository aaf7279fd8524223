"""A support agent in Python, recorded with plain OpenTelemetry: no package of Trace2 is used.

It reads one case as JSON from its standard input and prints its output as JSON. Trace2 runs it so for each trial; a
service would call `triage` itself. Attributes follow docs/semantic-conventions.md by hand.
"""

import hashlib
import json
import os
import sys
from contextlib import contextmanager

try:
    from opentelemetry import trace
    from opentelemetry.trace import SpanKind
except ImportError:  # Runs all the same; only nothing is recorded.
    trace = None

# What an optimizer may change: the values in the code, and what it must know of them.
PARAMETERS = {
    "triage.words": (
        {"billing": ["refund", "invoice"], "shipping": ["parcel", "late"]},
        "Words that tell the queue of a ticket; the first queue with a word in the ticket gets it.",
    ),
    "triage.reply": (
        "Thank you. The {queue} team will answer.",
        "The reply to a customer. {queue} stands for the queue.",
    ),
}


def load_parameters():
    """The values in force: those of the file that TRACE2_PARAMETERS names, else those in the code."""
    values = {name: value for name, (value, _) in PARAMETERS.items()}
    path = os.environ.get("TRACE2_PARAMETERS", "trace2.parameters.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            given = json.load(file)["parameters"]
        for name in values:
            values[name] = given.get(name, {}).get("value", values[name])
    return values


def triage(ticket, parameters):
    """The run: two steps, the second of which uses what the first gave."""
    with step("triage", "run", {"ticket": ticket}) as run:
        queue, classified = classify(ticket, parameters["triage.words"])
        reply, written = write(queue, classified, parameters["triage.reply"])
        output = {"queue": queue, "reply": reply}
        run.came_from({"queue": classified, "reply": written}, returned=True)
        return run.gives(output)


def classify(ticket, words):
    with step("classify", "op", {"ticket": ticket, "words": words}) as call:
        call.used("words", "triage.words", words)
        for queue, signs in words.items():
            if any(sign in ticket.lower() for sign in signs):
                return call.gives(queue), call
        return call.gives("other"), call


def write(queue, classified, reply):
    with step("write", "op", {"queue": queue, "reply": reply}) as call:
        call.came_from({"queue": classified})
        call.used("reply", "triage.reply", reply)
        return call.gives(reply.replace("{queue}", queue)), call


class Step:
    """The span of one call; without OpenTelemetry, nothing."""

    def __init__(self, span):
        self.span = span
        self.inputs = []

    def gives(self, output):
        self.set("output.value", json.dumps(output, ensure_ascii=False))
        self.set("output.mime_type", "application/json")
        return output

    def used(self, role, name, value):
        """An input that is a parameter, in one version."""
        version = version_of(value)
        self.inputs.append(f"{role}=param:{name}@{version}")
        self.set("trace2.inputs", self.inputs)
        self.set(f"trace2.param.version.{name}", version)
        self.set(f"trace2.param.value.{name}", json.dumps(value, ensure_ascii=False))
        self.set(f"trace2.param.trainable.{name}", True)
        self.set(f"trace2.param.description.{name}", PARAMETERS[name][1])

    def came_from(self, steps, returned=False):
        """Inputs that are outputs of earlier steps; or the parts of what a run returns."""
        if self.span is None:
            return
        for role, earlier in steps.items():
            context = earlier.span.get_span_context()
            part = "return" if returned else role
            self.inputs.append(f"{part}=span:{context.trace_id:032x}:{context.span_id:016x}")
            edge = {"trace2.edge.role": part, "trace2.edge.how": "exact"}
            self.span.add_link(context, edge)
        self.set("trace2.inputs", self.inputs)

    def set(self, key, value):
        if self.span is not None:
            self.span.set_attribute(key, value)


@contextmanager
def step(name, kind, inputs):
    if trace is None:
        yield Step(None)
        return
    attributes = {
        "trace2.kind": kind,
        "trace2.op": name,
        "input.value": json.dumps(inputs, ensure_ascii=False),
        "input.mime_type": "application/json",
    }
    tracer = trace.get_tracer("python-agent")
    # An exception is recorded on the span, and goes on.
    with tracer.start_as_current_span(name, kind=SpanKind.INTERNAL, attributes=attributes) as span:
        yield Step(span)


def version_of(value):
    """First 16 hex digits of the SHA-256 of the value's canonical JSON (RFC 8785)."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def plain(value):
    """Numbers without a fraction are written without one."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@contextmanager
def telemetry():
    """Sends spans to where the environment says, under the trace that TRACEPARENT names; all before the program ends."""
    if trace is None or "OTEL_EXPORTER_OTLP_ENDPOINT" not in os.environ:
        yield
        return
    from opentelemetry import context
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    carrier = {"traceparent": os.environ.get("TRACEPARENT", "")}
    context.attach(TraceContextTextMapPropagator().extract(carrier))
    try:
        yield
    finally:
        provider.shutdown()


if __name__ == "__main__":
    case = json.load(sys.stdin)
    with telemetry():
        output = triage(case["input"], load_parameters())
    print(json.dumps({"output": output}, ensure_ascii=False))
