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
  readonly name: string
  readonly score: number | undefined
  readonly words: string
}

/** What went into a run and what came out where the feedback lies. */
export interface Example {
  readonly run: string
  readonly input: string
  readonly output: string
}

/** An optimizer's request: improve the variables so that the outputs agree with the feedback. */
export interface Problem {
  readonly variables: readonly Variable[]
  readonly examples: ReadonlyMap<string, Example>
  readonly remarks: readonly Remark[]
  /** Names that the answer has to hold even where nothing changes. */
  readonly required: readonly string[]
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
  return {
    variables: variablesOf(elements, objectAt(suggestion, 'properties')),
    examples: examplesOf(elements),
    remarks: elements.filter(({ tag }) => tag === 'feedback').map(toRemark),
    required: Array.isArray(suggestion.required)
      ? suggestion.required.filter((name) => typeof name === 'string')
      : [],
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
  const examples = new Map<string, Example>()
  for (const { tag, attributes, content } of elements) {
    const run = attributes.get('run')
    if (run === undefined || (tag !== 'input' && tag !== 'output')) continue
    const before = examples.get(run) ?? { run, input: '', output: '' }
    examples.set(run, { ...before, [tag]: `${before[tag]}\n${content}`.trim() })
  }
  return examples
}

function toRemark({ attributes, content }: DataElement): Remark {
  const score = Number(attributes.get('score') ?? Number.NaN)
  return {
    run: attributes.get('run') ?? '',
    name: [...attributes]
      .filter(([key]) => key !== 'run' && key !== 'score')
      .flat()
      .join(' '),
    score: Number.isFinite(score) ? score : undefined,
    words: content,
  }
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key]
  return isObject(value) ? value : {}
}
