"""Agents of Strands, recorded by its own OpenTelemetry as it is set by default: content as events."""

from shared.strands_job import run

run()
