import { canonicalJson, type Json } from '@trace2/core'
import { type IsolationLimits, isolate } from '@trace2/sandbox'
import type { Guide } from './guide.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { type Selection, selected } from './subject.ts'
import { listed, quote, share } from './wording.ts'

// Not an interface: it has to be JSON as well.
export type TestCase = { readonly arguments: readonly Json[]; readonly expected: Json }

/** The share of test cases that the output passes, which is the source of a JavaScript function. */
export interface CodeDefinition extends Selection {
  readonly kind: 'code'
  readonly name?: string
  readonly cases: readonly TestCase[]
  /** Name of the function to call, where the output declares several. Default: the output is one function. */
  readonly call?: string
  /** Longest time of one case. Default 1,000. */
  readonly timeMs?: number
}

export const codeSchema = definitionSchema(
  'code',
  {
    ...selectionSchema,
    cases: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: { arguments: { type: 'array' }, expected: true },
        required: ['arguments', 'expected'],
        additionalProperties: false,
      },
    },
    call: { type: 'string', pattern: '^[A-Za-z_$][A-Za-z0-9_$]*$' },
    timeMs: { type: 'integer', minimum: 1, maximum: 60_000 },
  },
  ['cases'],
)

export function code(definition: CodeDefinition): Guide {
  const { cases, call } = definition
  const limits = { timeMs: definition.timeMs ?? 1_000 }
  return {
    name: nameOf(definition),
    definition: { ...definition },
    source: 'code',
    async judge(subject) {
      const value = selected(subject, definition)
      if (typeof value !== 'string')
        return { score: 0, comment: `It is no source text: ${quote(value)}.` }
      const source = unfenced(value)
      // The expected results stay outside: the code sees nothing but its arguments.
      const run =
        call === undefined ? source : `(...given) => {\n${source}\nreturn ${call}(...given)\n}`
      const faults = (await Promise.all(cases.map((each) => faultOf(run, each, limits)))).flatMap(
        (fault) => fault ?? [],
      )
      const passed = `It passes ${cases.length - faults.length} of ${cases.length} test cases.`
      return {
        score: share(cases.length - faults.length, cases.length),
        comment: [passed, listed(faults, 3)].join(' ').trim(),
      }
    },
  }
}

async function faultOf(
  source: string,
  { arguments: given, expected }: TestCase,
  limits: IsolationLimits,
): Promise<string | undefined> {
  const shown = `With (${given.map(quote).join(', ')})`
  const fn = await isolate(source, limits)
  let result: unknown
  try {
    result = await fn(...given)
  } catch (error) {
    return `${shown} it throws ${quote(String(error))}.`
  }
  if (result !== undefined && canonicalJson(result) === canonicalJson(expected)) return undefined
  const got = result === undefined ? 'nothing' : quote(JSON.parse(canonicalJson(result)))
  return `${shown} it returns ${got} instead of ${quote(expected)}.`
}

/** Models put code between fences: the text of the first pair, or all of a text without. */
function unfenced(text: string): string {
  return /^```[^\n]*\n([\s\S]*?)\n```/m.exec(text)?.[1] ?? text
}
