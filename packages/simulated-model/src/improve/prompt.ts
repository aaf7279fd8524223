import { isObject, type JsonObject } from '../json.ts'
import type { ChatRequest } from '../protocol/chat-request.ts'
import { type DataElement, dataElements } from './elements.ts'

/** A value that may be changed. */
export interface Variable {
  readonly name: string
  /** As the prompt states it: `string`, `number`, `code` … */
  readonly type: string
  readonly value: string
  readonly constraint: string
  /** JSON schema that the new value has to fit; empty where the request gives none. */
  readonly schema: JsonObject
}

/** A piece of feedback on one run. */
export interface Remark {
  readonly run: string
  /** What was judged. */
  readonly name: string
  /** Name of the value it was said about; empty where the prompt names none. */
  readonly on: string
  readonly score: number | undefined
  readonly words: string
}

/** What went into a run, and what came out where feedback lies, by name. */
export interface Example {
  readonly input: string
  readonly outputs: ReadonlyMap<string, string>
}

/** An optimizer's request: improve the variables so that the outputs agree with the feedback. */
export interface Problem {
  readonly variables: readonly Variable[]
  readonly examples: ReadonlyMap<string, Example>
  readonly remarks: readonly Remark[]
  /** Variables that went straight into the making of a value, by the value's name. */
  readonly uses: ReadonlyMap<string, ReadonlySet<string>>
  /** Names that the answer has to hold even where nothing changes. */
  readonly required: readonly string[]
  /** Fence of the elements in which the answer is asked for; `undefined` where it is to be JSON. */
  readonly answerFence: string | undefined
}

/**
 * Reads an optimizer's request; `undefined` where it is none. It is one if the answer's schema asks for `reasoning`
 * and `suggestion`, or a user message has the headings `# Variables` and `# Feedback`.
 */
export function readOptimizerPrompt({ messages, format }: ChatRequest): Problem | undefined {
  const text = messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content)
    .join('\n')
  const properties = typeof format === 'object' ? objectAt(format.schema, 'properties') : {}
  const suggestion = objectAt(properties, 'suggestion')
  const bySchema = 'reasoning' in properties && 'suggestion' in properties
  if (!bySchema && !(/^# Variables$/m.test(text) && /^# Feedback$/m.test(text))) return undefined
  const elements = dataElements(text)
  const variables = variablesOf(elements, objectAt(suggestion, 'properties'))
  const scales = scalesOf(elements)
  return {
    variables,
    examples: examplesOf(elements),
    remarks: elements
      .filter(({ tag }) => tag === 'feedback')
      .flatMap((element) => toRemarks(element, scales)),
    uses: usesIn(text, new Set(variables.map(({ name }) => name))),
    required: Array.isArray(suggestion.required)
      ? suggestion.required.filter((name) => typeof name === 'string')
      : [],
    answerFence: /^Answer in elements\b.*?<reasoning fence="([\w-]+)">/m.exec(text)?.[1],
  }
}

function variablesOf(elements: readonly DataElement[], schemas: JsonObject): Variable[] {
  const named = (tag: string) => elements.filter((element) => element.tag === tag)
  return named('variable').flatMap(({ attributes, content }) => {
    const name = attributes.get('name')
    if (name === undefined) return []
    const constraints = named('constraint').filter((other) => other.attributes.get('name') === name)
    return {
      name,
      type: attributes.get('type') ?? 'string',
      value: content,
      constraint: constraints.map((constraint) => constraint.content).join('\n'),
      schema: objectAt(schemas, name),
    }
  })
}

function examplesOf(elements: readonly DataElement[]): Map<string, Example> {
  const examples = new Map<string, { input: string; outputs: Map<string, string> }>()
  for (const { tag, attributes, content } of elements) {
    if (tag !== 'input' && tag !== 'output') continue
    for (const run of runsOf(attributes)) {
      const example = examples.get(run) ?? { input: '', outputs: new Map<string, string>() }
      examples.set(run, example)
      if (tag === 'input') example.input = `${example.input}\n${content}`.trim()
      else example.outputs.set(attributes.get('name') ?? '', content)
    }
  }
  return examples
}

interface Scale {
  readonly worst: number
  readonly best: number
}

/** The ends that the prompt gives for names of feedback; those of categories are no numbers. */
function scalesOf(elements: readonly DataElement[]): Map<string, Scale> {
  return new Map(
    elements
      .filter(({ tag }) => tag === 'scale')
      .map(({ attributes }) => {
        const end = (name: string) => Number(attributes.get(name) || Number.NaN)
        return [attributes.get('name') ?? '', { worst: end('worst'), best: end('best') }]
      }),
  )
}

/** The same words on several runs are one element. A score is brought to 0 for worst and 1 for best. */
function toRemarks(
  { attributes, content }: DataElement,
  scales: ReadonlyMap<string, Scale>,
): Remark[] {
  const { worst, best } = scales.get(attributes.get('name') ?? '') ?? { worst: 0, best: 1 }
  const score = (Number(attributes.get('score') ?? Number.NaN) - worst) / (best - worst)
  return runsOf(attributes).map((run) => ({
    run,
    name: attributes.get('name') ?? '',
    on: attributes.get('on') ?? '',
    score: Number.isFinite(score) ? score : undefined,
    words: content,
  }))
}

/** `run="1-3,7"` → 1, 2, 3, 7; bounded, for the text may come from anyone. */
function runsOf(attributes: DataElement['attributes']): string[] {
  return (attributes.get('run') ?? '').split(',').flatMap((part) => {
    const [first, last] = part.split('-').map(Number)
    if (first === undefined || last === undefined || !(last - first < 10_000)) return [part.trim()]
    return Array.from({ length: last - first + 1 }, (_, i) => String(first + i))
  })
}

/** Reads lines such as `reply1 = reply(prompt=desk.reply, ticket=ticket)`. */
function usesIn(text: string, variables: ReadonlySet<string>): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>()
  for (const [, name = '', given = ''] of text.matchAll(/^(\S+) = [^\n(]+\((.*)\)/gm)) {
    const used = given.split(/[=,\s]+/).filter((word) => variables.has(word))
    uses.set(name, new Set([...(uses.get(name) ?? []), ...used]))
  }
  return uses
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key]
  return isObject(value) ? value : {}
}
