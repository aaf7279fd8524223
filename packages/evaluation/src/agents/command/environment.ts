import { ATTR_EXPERIMENT, ATTR_TRIAL } from '@trace2/core'
import type { TrialTask } from '../agent.ts'

/**
 * The environment of a command: what it would have, with the variables of OpenTelemetry that let it continue the trial's
 * trace and send its spans to `endpoint` and nowhere else.
 */
export function commandEnvironment(
  inherited: NodeJS.ProcessEnv,
  task: TrialTask,
  { endpoint, parameters }: { readonly endpoint: string; readonly parameters: string },
): NodeJS.ProcessEnv {
  const { OTEL_EXPORTER_OTLP_HEADERS: _headers, ...others } = inherited
  return {
    ...others,
    TRACE2_PARAMETERS: parameters,
    TRACEPARENT: traceparent(task),
    OTEL_SDK_DISABLED: 'false',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    // These would outrank the ones above.
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces`,
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: '',
    OTEL_RESOURCE_ATTRIBUTES: resourceAttributes(inherited.OTEL_RESOURCE_ATTRIBUTES, task),
    // A proxy cannot reach the receiver.
    NO_PROXY: withLoopback(inherited.NO_PROXY),
    no_proxy: withLoopback(inherited.no_proxy),
  }
}

/** The trial's context as W3C Trace Context writes it. */
export function traceparent({ traceId, spanId }: TrialTask): string {
  return `00-${traceId}-${spanId}-01`
}

function resourceAttributes(given: string | undefined, task: TrialTask): string {
  const marks = [
    ...(task.experiment === undefined ? [] : [[ATTR_EXPERIMENT, task.experiment]]),
    [ATTR_TRIAL, task.id],
  ]
  const written = marks.map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`)
  return [...(given?.trim() ? [given] : []), ...written].join(',')
}

function withLoopback(given: string | undefined): string {
  return [...(given?.trim() ? [given] : []), '127.0.0.1'].join(',')
}
