"""The agents of strands-events.py, recorded in the newer conventions that Strands has as an option."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental,gen_ai_tool_definitions"

from shared.strands_job import run

run()
