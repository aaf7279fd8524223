import type { Dialect } from './dialect.ts'

/**
 * The functions that OpenLIT's decorator traces: arguments as Python prints them, and the result where models have their messages.
 * Its model calls are in OpenTelemetry's conventions.
 */
export const openlit: Dialect = {
  name: 'openlit',
  marks: ['function.args', 'function.kwargs'],
  kind: [],
  kinds: {},
  implied: [
    ['function.args', 'chain'],
    ['function.kwargs', 'chain'],
  ],
  op: {},
  fields: {},
  own: { input: ['function.args'] },
}
