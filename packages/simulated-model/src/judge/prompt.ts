import { type DataElement, dataElements } from '../improve/elements.ts'
import { isObject } from '../json.ts'
import type { ChatRequest } from '../protocol/chat-request.ts'

/** A judge's request: how good is this output by this rubric? */
export interface Judgement {
  readonly rubric: string
  readonly input: string
  readonly output: string
  /** Outputs by their name, where several are to be compared. */
  readonly compared: ReadonlyMap<string, string>
  readonly reference: string | undefined
  /** The verdicts to choose from; `undefined` where a score is asked for. */
  readonly labels: readonly string[] | undefined
}

/**
 * Reads a judge's request; `undefined` where it is none. It is one if the answer's schema asks for a `comment` and a
 * `score` or `verdict`, and a user message has the heading `# Rubric`.
 */
export function readJudgement({ messages, format }: ChatRequest): Judgement | undefined {
  if (typeof format !== 'object' || !isObject(format.schema.properties)) return undefined
  const { comment, score, verdict } = format.schema.properties
  if (!comment || !(score || verdict)) return undefined
  // A re-ask only says what was wrong with the answer before.
  const prompt = messages.find(
    ({ role, content }) => role === 'user' && /^# Rubric$/m.test(content),
  )?.content
  if (prompt === undefined) return undefined
  const elements = dataElements(prompt)
  return {
    rubric: /^# Rubric\n([\s\S]*?)\n# Data$/m.exec(prompt)?.[1]?.trim() ?? '',
    input: contentOf(elements, 'input') ?? '',
    output: contentOf(elements, 'output') ?? '',
    compared: comparedIn(elements),
    reference: contentOf(elements, 'reference'),
    labels:
      isObject(verdict) && Array.isArray(verdict.enum)
        ? verdict.enum.filter((label) => typeof label === 'string')
        : undefined,
  }
}

function comparedIn(elements: readonly DataElement[]): ReadonlyMap<string, string> {
  return new Map(
    elements.flatMap(({ tag, attributes, content }) => {
      const name = tag === 'output' ? attributes.get('name') : undefined
      return name === undefined ? [] : [[name, content]]
    }),
  )
}

function contentOf(elements: readonly DataElement[], tag: string): string | undefined {
  const found = elements.filter((element) => element.tag === tag)
  return found.length > 0 ? found.map(({ content }) => content).join('\n') : undefined
}
