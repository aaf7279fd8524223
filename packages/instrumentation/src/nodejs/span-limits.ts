import type { SpanLimits } from '@opentelemetry/sdk-trace-node'

/** The SDK keeps 128 attributes and 128 links of a span: too few for a call of many parameters, inputs or sources. */
const mostOfSpan = 2_048

/** How much is kept of a span, where the environment does not say so. */
export function spanLimits(environment: NodeJS.ProcessEnv = process.env): SpanLimits {
  const isSet = (...names: string[]) => names.some((name) => environment[name]?.trim())
  return {
    ...(isSet('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT')
      ? {}
      : { attributeCountLimit: mostOfSpan }),
    ...(isSet('OTEL_SPAN_LINK_COUNT_LIMIT') ? {} : { linkCountLimit: mostOfSpan }),
  }
}
