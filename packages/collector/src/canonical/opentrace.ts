import { isParameterName, parameterVersion } from '@trace2/instrumentation/semconv'
import { valueJson } from '../otlp/attribute-json.ts'
import type { SpanRecord } from '../otlp/model.ts'
import { externalInput, originInput } from './inputs.ts'
import type { ParametersOfSpan } from './parameters.ts'
import { booleanAt } from './read.ts'
import type { InputRow } from './rows.ts'

/**
 * OpenTrace writes what we need almost as we do: `inputs.<role>` is `span:<id>`, `lit:<value>` or a value,
 * `param.<name>` with `param.<name>.trainable` a parameter.
 */
export function openTraceRows(
  span: SpanRecord,
): ParametersOfSpan & { readonly inputs: readonly InputRow[] } {
  const found: ParametersOfSpan = { parameters: [], uses: [] }
  const inputs: InputRow[] = []
  for (const [key, value] of span.attributes) {
    if (key.startsWith('inputs.')) {
      const role = key.slice('inputs.'.length)
      const producer =
        typeof value === 'string' ? /^span:([0-9a-f]{16})$/i.exec(value)?.[1] : undefined
      if (producer) inputs.push(originInput(role, span.traceId, producer.toLowerCase()))
      else
        inputs.push(
          externalInput(role, typeof value === 'string' ? value.replace(/^lit:/, '') : value),
        )
    } else if (key.startsWith('param.') && !key.endsWith('.trainable')) {
      const name = key.slice('param.'.length)
      if (!isParameterName(name)) continue
      const plain: unknown = typeof value === 'string' ? value : JSON.parse(valueJson(value))
      const version = parameterVersion(plain)
      const trainable = booleanAt(span.attributes, `${key}.trainable`)
      const text = JSON.stringify(plain)
      found.uses.push({ name, version, propensity: null })
      found.parameters.push({
        name,
        version,
        value: text,
        trainable,
        description: '',
        schema: null,
      })
      inputs.push({
        ...originInput(name, '', ''),
        origin: 'parameter',
        parameter: name,
        version,
        traceId: null,
        spanId: null,
      })
    }
  }
  return { ...found, inputs }
}
