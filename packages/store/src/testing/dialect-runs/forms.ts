import type { AnyValue, SpanRecord } from '../../otlp/records.ts'
import { span } from '../spans.ts'
import type { Values } from './messages.ts'
import type { Spelling } from './spellings.ts'
import {
  agent,
  type Exchange,
  first,
  only,
  question,
  reply,
  second,
  system,
  tool,
} from './story.ts'

/** Other words for those of the story, by them. */
type Words = Readonly<Record<string, string>>

const editor: Words = {
  [agent]: 'editor',
  [system]: 'You make replies friendly. Keep their facts.',
  [question]: reply,
  [reply]: 'Good news: your parcel 4711 has reached Lyon already.',
}
/** Who stands around the agents of the story, and gives what the last of them says. */
const desk: Words = { [agent]: 'front-desk' }

/** Runs of agents that are built otherwise than the run of the story, each in a dialect. */
export const forms: Readonly<Record<string, (spelling: Spelling, trace: string) => SpanRecord[]>> =
  {
    'an agent without tools': (spelling, trace) => [
      agentSpan(spelling, trace, '1', undefined, 0),
      chat(spelling, trace, '2', '1', 1, only),
    ],
    'an agent inside an agent': (spelling, trace) => [
      agentSpan(spelling, trace, '1', undefined, 0, desk),
      ...story(spelling, trace, '1'),
    ],
    'two agents, one after the other': (spelling, trace) => [
      agentSpan(spelling, trace, '1', undefined, 0, { ...desk, [reply]: editor[reply] ?? '' }),
      ...story(spelling, trace, '1'),
      agentSpan(spelling, trace, '6', '1', 6, editor),
      chat(spelling, trace, '7', '6', 7, only, editor),
    ],
  }

function story(spelling: Spelling, trace: string, parent: string): SpanRecord[] {
  return [
    agentSpan(spelling, trace, '2', parent, 1),
    chat(spelling, trace, '3', '2', 2, first),
    span({
      ...{ trace, id: '4', parent: '2', at: 3, name: tool.name },
      attributes: spelling.tool,
    }),
    chat(spelling, trace, '5', '2', 4, second),
  ]
}

function agentSpan(
  spelling: Spelling,
  trace: string,
  id: string,
  parent: string | undefined,
  at: number,
  words: Words = {},
): SpanRecord {
  const attributes = retold(spelling.agent, words)
  return span({
    ...{ trace, id, at, name: words[agent] ?? agent, attributes },
    ...(parent === undefined ? {} : { parent }),
  })
}

function chat(
  spelling: Spelling,
  trace: string,
  id: string,
  parent: string,
  at: number,
  exchange: Exchange,
  words: Words = {},
): SpanRecord {
  const events = (spelling.events?.(exchange) ?? []).map(({ name, attributes }) => ({
    name,
    attributes: retold(attributes, words),
  }))
  const attributes = retold(spelling.chat(exchange), words)
  return span({ trace, id, parent, at, name: 'model', attributes, events })
}

/** Attributes with other words in the place of the story's. None of them needs an escape in JSON. */
function retold(values: Values, words: Words): Values {
  const found = Object.keys(words)
  if (found.length === 0) return values
  const pattern = new RegExp(found.map((text) => text.replace(/[.?]/g, '\\$&')).join('|'), 'g')
  const told = (text: string) => text.replace(pattern, (word) => words[word] ?? word)
  const value = (of: AnyValue): AnyValue => {
    if (typeof of === 'string') return told(of)
    return Array.isArray(of) ? of.map(value) : of
  }
  return Object.fromEntries(Object.entries(values).map(([key, of]) => [told(key), value(of)]))
}
