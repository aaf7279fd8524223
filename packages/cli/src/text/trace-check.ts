import { printable } from '@trace2/core'
import { wrapped } from '@trace2/render'
import type { EdgeCheck, ModelCallCheck, TraceAdvice, TraceCheck, UnreadCheck } from '@trace2/store'
import type { Terminal } from '../terminal/terminal.ts'
import { type Cell, type Column, table } from './table.ts'
import { counted, formatCount } from './values.ts'

type Layout = Pick<Terminal, 'columns' | 'paint'>

const mostSenders = 20
const mostKeys = 20

const senderColumns: readonly Column[] = [
  { title: 'SERVICE', flexible: true },
  { title: 'SCOPE', flexible: true },
  { title: 'VERSION' },
  { title: 'SDK', optional: 1 },
  { title: 'SPANS', align: 'right' },
]

const dialectColumns: readonly Column[] = [
  { title: 'DIALECT' },
  { title: 'SPANS', align: 'right' },
  { title: 'MODEL CALLS', align: 'right' },
  { title: 'TOOLS', align: 'right' },
  { title: 'AGENTS', align: 'right' },
  { title: 'UNKNOWN', align: 'right' },
]

const callColumns: readonly Column[] = [
  { title: 'SCOPE', flexible: true },
  { title: 'DIALECT', optional: 1 },
  { title: 'CALLS', align: 'right' },
  { title: 'MESSAGES', align: 'right' },
  { title: 'PROMPT', align: 'right' },
  { title: 'TOOLS', align: 'right' },
  { title: 'TOKENS', align: 'right' },
  { title: 'SESSION', align: 'right' },
]

const keyColumns: readonly Column[] = [
  { title: 'ATTRIBUTE', flexible: true },
  { title: 'DIALECT' },
  { title: 'SPANS', align: 'right' },
]

const eventColumns: readonly Column[] = [
  { title: 'EVENT', flexible: true },
  { title: 'RECORDS', align: 'right' },
]

/** What the spans are like, for a person. */
export function traceCheckText(check: TraceCheck, layout: Layout): string {
  const { spans, ignoredEvents } = check
  const logs =
    ignoredEvents.length === 0
      ? []
      : [section('Log records that are of no run', events(check, layout), layout)]
  const change = section('What to change in the sender', advice(check.advice, layout), layout)
  if (spans === 0) return [...logs, change].join('\n\n')
  return [
    section('Who sent them', senders(check, layout), layout),
    section('What each dialect read', dialects(check, layout), layout),
    ...(check.modelCalls.length === 0
      ? []
      : [section('Model calls, and how many of them have', modelCalls(check, layout), layout)]),
    ...(check.edges.calls === 0
      ? []
      : [section('Edges of data', paragraph(edges(check.edges), layout), layout)]),
    section('Attributes that nothing reads', unread(check.unread, layout), layout),
    ...logs,
    change,
  ].join('\n\n')
}

function section(title: string, text: string, { paint }: Layout): string {
  return `${paint('strong', title)}\n${text}`
}

function paragraph(text: string, { columns }: Layout): string {
  return wrapped(printable(text), columns).join('\n')
}

function senders({ senders: all }: TraceCheck, layout: Layout): string {
  const rows = all.slice(0, mostSenders).map(({ service, scope, version, language, ...of }) => {
    const sdk = [of.sdk, language, of.sdkVersion].filter((part) => part !== null).join(' ')
    return [service ?? '–', scope || '–', version || '–', sdk || '–', formatCount(of.spans)]
  })
  const more = all.length - rows.length
  return [
    table(senderColumns, rows, layout),
    ...(more > 0 ? [layout.paint('faint', `… and ${more} more`)] : []),
  ].join('\n')
}

function dialects({ dialects: all }: TraceCheck, layout: Layout): string {
  const rows = all.map(({ dialect, ...of }) => [
    dialect,
    ...[of.spans, of.modelCalls, of.toolCalls, of.agents, of.unknown].map(formatCount),
  ])
  return table(dialectColumns, rows, layout)
}

function modelCalls({ modelCalls: all }: TraceCheck, layout: Layout): string {
  const rows = all.map((check): Cell[] => [
    check.scope || '–',
    check.dialect,
    formatCount(check.calls),
    ...(['messages', 'prompts', 'tools', 'tokens', 'sessions'] as const).map((what) =>
      share(check, what),
    ),
  ])
  return table(callColumns, rows, layout)
}

function share(
  check: ModelCallCheck,
  what: 'messages' | 'prompts' | 'tools' | 'tokens' | 'sessions',
): Cell {
  const part = check[what]
  // Neither all nor nothing is claimed where it is not so.
  const percent = Math.floor((part * 100) / check.calls)
  const text = part > 0 && percent === 0 ? '<1%' : `${percent}%`
  return part === 0 ? { text, tone: 'strong' } : text
}

function edges({ runs, calls, connected }: EdgeCheck): string {
  return `${formatCount(connected)} of ${counted(calls, 'model call')} read what an earlier operator gave. These are the calls after the first one of each run, in the latest ${counted(runs, 'run')}.`
}

function events({ ignoredEvents }: TraceCheck, layout: Layout): string {
  const rows = ignoredEvents
    .slice(0, mostKeys)
    .map(({ name, records }) => [name || '–', formatCount(records)])
  const more = ignoredEvents.length - rows.length
  return [
    table(eventColumns, rows, layout),
    ...(more > 0 ? [layout.paint('faint', `… and ${more} more`)] : []),
  ].join('\n')
}

function unread({ spans, keys, more, general }: UnreadCheck, layout: Layout): string {
  const looked = `Looked at: the latest ${counted(spans, 'span')}.`
  const rest = more + keys.length - Math.min(keys.length, mostKeys)
  const notes = [
    ...(rest > 0 ? [`${counted(rest, 'more name', 'more names')} left out.`] : []),
    ...(general > 0
      ? [`${counted(general, 'name')} of general conventions (http, server …) left out.`]
      : []),
  ]
  if (keys.length === 0) return paragraph(['None.', looked, ...notes].join(' '), layout)
  const rows = keys
    .slice(0, mostKeys)
    .map(({ key, example, dialect, spans: of }) => [
      key === '' ? '""' : key === example ? key : `${key} (${example})`,
      dialect,
      formatCount(of),
    ])
  const said = ['They stay in v_span.attributes.', looked, ...notes].join(' ')
  return [table(keyColumns, rows, layout), paragraph(said, layout)].join('\n')
}

function advice(all: readonly TraceAdvice[], layout: Layout): string {
  if (all.length === 0) return 'Nothing.'
  const indent = '  '
  return all
    .flatMap(({ scope, dialect, found, remedy }) => [
      ...hung(`- ${senderName(scope, dialect)}${found}`, indent, layout),
      ...hung(`${indent}${remedy}`, indent, layout).map((line) => layout.paint('faint', line)),
    ])
    .join('\n')
}

function senderName(scope: string | null, dialect: string | null): string {
  const names = [scope || null, dialect === null ? null : scope ? `(${dialect})` : dialect]
  const name = names.filter((part) => part !== null).join(' ')
  return name === '' ? '' : `${name}: `
}

/** Lines of a text, all but the first one moved in. */
function hung(text: string, indent: string, { columns }: Layout): string[] {
  const [mark = '', words = ''] = [text.slice(0, indent.length), text.slice(indent.length)]
  return wrapped(printable(words), columns - indent.length).map(
    (line, index) => (index === 0 ? mark : indent) + line,
  )
}
