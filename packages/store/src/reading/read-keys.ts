import { type Dialect, dialects, parsedKey } from './dialects/index.ts'
import { eventLists } from './events.ts'
import { settingKeys } from './model-request.ts'

interface Keys {
  readonly names: ReadonlySet<string>
  readonly prefixes: readonly string[]
}

/** Read of spans of every dialect, by rules of their own. */
const elsewhere = [
  ...['trace2.*', 'input.value', 'output.value', 'session.id', 'exception.*', 'code.*'],
  ...['annotations.*', 'evaluations.*', 'trace.annotations.*', 'trace.evaluations.*'],
  ...['agentlightning.reward.*', 'gen_ai.evaluation.*', 'param.*', 'inputs.*', 'eval.*'],
]

const shared = dialects.flatMap((dialect) => [
  ...dialect.kind,
  ...dialect.marks.filter((mark) => !mark.endsWith('*')).map((mark) => mark.replace(/=.*$/, '')),
  ...dialect.implied.map(([attribute]) => attribute),
  ...Object.values(dialect.op).flat(),
  ...Object.values(dialect.fields).flat(),
])
const ofAll = keysOf([...shared, ...elsewhere, ...eventLists, ...settingKeys])
const own: ReadonlyMap<string, Keys> = new Map(
  dialects.flatMap(({ name, own }) => (own ? [[name, keysOf(Object.values(own).flat())]] : [])),
)

/** Whether any rule of the reading looks at an attribute of this name on a span of this dialect. */
export function isReadKey(name: string, dialect: string): boolean {
  const ofDialect = own.get(dialect)
  return isAmong(name, ofAll) || (ofDialect !== undefined && isAmong(name, ofDialect))
}

function keysOf(keys: readonly string[]): Keys {
  const names = new Set<string>()
  const prefixes: string[] = []
  for (const key of keys) {
    const { attribute, under } = parsedKey(key)
    if (under) prefixes.push(`${attribute}.`)
    else names.add(attribute)
    if (attribute.endsWith('.value')) names.add(attribute.replace(/\.value$/, '.mime_type'))
  }
  return { names, prefixes }
}

function isAmong(name: string, { names, prefixes }: Keys): boolean {
  return names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
}

/** What a dialect's own attribute for a field is called; of another dialect, OpenTelemetry's. */
export function keyFor(field: 'session' | 'promptName' | 'caller' | 'tools', name: string): string {
  const dialect: Dialect | undefined = dialects.find((one) => one.name === name)
  const [key] = dialect?.fields[field] ?? []
  if (key === undefined) return standard[field]
  const { attribute, under } = parsedKey(key)
  return under ? `${attribute}.*` : attribute
}

const standard = {
  session: 'gen_ai.conversation.id',
  promptName: 'gen_ai.prompt.name',
  caller: 'gen_ai.agent.name',
  tools: 'gen_ai.tool.definitions',
} as const
