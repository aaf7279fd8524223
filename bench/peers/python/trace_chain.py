"""Prints the seconds that Trace takes for feedback through a chain of steps and for the prompt that shows it."""

import json
import sys
import time

from opto import trace
from opto.optimizers import OptoPrime


@trace.bundle()
def step(value, by):
    """Adds a number."""
    return value + by


def main(steps: int) -> None:
    sys.setrecursionlimit(10 * steps + 1_000)
    by = trace.node(1, trainable=True, name="by")
    began = time.perf_counter()
    last = trace.node(0, name="first")
    for _ in range(steps):
        last = step(last, by)
    forward = time.perf_counter() - began
    optimizer = OptoPrime([by], llm=lambda *_, **__: None)
    began = time.perf_counter()
    optimizer.zero_feedback()
    optimizer.backward(last, "One too many.")
    prompt = optimizer.construct_prompt(optimizer.summarize())
    backward = time.perf_counter() - began
    characters = sum(len(part) for part in prompt)
    print(json.dumps({"forward": forward, "backward": backward, "characters": characters}))


main(int(sys.argv[1]))
