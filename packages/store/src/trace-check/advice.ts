import { counted, formatCount } from '@trace2/core'
import { keyFor, UNREAD } from '../reading/index.ts'
import { contentSetting } from './content-settings.ts'
import type {
  FilledPrompt,
  LookalikeCheck,
  ModelCallCheck,
  TraceAdvice,
  TraceCheck,
} from './trace-check.ts'

/** From here on a few calls without something are no fault of the sender. */
const MOSTLY = 0.9

/** What to change in the senders. */
export function adviceOn({
  dialects,
  modelCalls,
  lookalikes,
  filledPrompts,
  edges,
  ignoredEvents,
}: Pick<
  TraceCheck,
  'dialects' | 'modelCalls' | 'lookalikes' | 'filledPrompts' | 'edges' | 'ignoredEvents'
>): TraceAdvice[] {
  return [
    ...onLogs(ignoredEvents),
    ...onUnread(dialects),
    ...lookalikes.map(onLookalike),
    ...(lookalikes.length > 0 ? [] : onDialects(dialects)),
    ...modelCalls.flatMap(onCalls),
    ...filledPrompts.map(onFilled),
    ...onEdges(edges),
  ]
}

/** Programs that send their steps as log records, and how each is told to send spans, from its published documentation. */
const loggers: readonly {
  readonly prefix: string
  readonly name: string
  readonly remedy: string
}[] = [
  {
    prefix: 'claude_code.',
    name: 'Claude Code',
    remedy:
      'Set CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1 and OTEL_TRACES_EXPORTER=otlp, so that it sends spans.',
  },
  {
    prefix: 'gemini_cli.',
    name: 'gemini-cli',
    remedy:
      'Set GEMINI_TELEMETRY_TRACES_ENABLED=true, or telemetry.traces in its settings, so that it sends spans.',
  },
  {
    prefix: 'codex.',
    name: 'Codex',
    remedy: 'Set trace_exporter in the table otel of its config.toml, so that it sends spans.',
  },
]

function onLogs(ignored: TraceCheck['ignoredEvents']): TraceAdvice[] {
  return loggers.flatMap(({ prefix, name, remedy }) => {
    const of = ignored.filter((event) => event.name.startsWith(prefix))
    const records = of.reduce((sum, event) => sum + event.records, 0)
    if (records === 0) return []
    const found = `${counted(records, 'log record')} of ${name} are of no run: its events have no place in a trace.`
    return [{ lack: 'spans', scope: null, dialect: null, found, remedy }]
  })
}

function onUnread(dialects: TraceCheck['dialects']): TraceAdvice[] {
  const spans = dialects.find(({ dialect }) => dialect === UNREAD)?.spans ?? 0
  if (spans === 0) return []
  return [
    {
      lack: 'reading',
      scope: null,
      dialect: UNREAD,
      found: `${counted(spans, 'span')} could not be read (T2_SPAN_UNREAD), and ${spans === 1 ? 'is' : 'are'} stored as received.`,
      remedy:
        'This is a defect of Trace2 and not of the sender: please report it with what the log says.',
    },
  ]
}

/** What a model call is to have, and what it is called. */
const standardKeys: readonly (readonly [keyof LookalikeCheck['keys'], string])[] = [
  ['model', 'gen_ai.request.model'],
  ['instructions', 'gen_ai.system_instructions'],
  ['input', 'gen_ai.input.messages'],
  ['output', 'gen_ai.output.messages'],
  ['tokens', 'gen_ai.usage.input_tokens and gen_ai.usage.output_tokens'],
]

function onLookalike({ scope, spans, keys }: LookalikeCheck): TraceAdvice {
  const is = spans === 1 ? ['looks', 'a model call', 'is'] : ['look', 'model calls', 'are']
  const [look, call, be] = is
  const names = standardKeys.map(([field, name]) => {
    const own = keys[field]
    return own === undefined ? name : `${name} (here ${own})`
  })
  return {
    lack: 'dialect',
    scope,
    dialect: null,
    found: `${counted(spans, 'span')} of no known dialect ${look} like ${call}, and ${be} read as none.`,
    remedy: `Send OpenTelemetry’s attributes: gen_ai.operation.name "chat", ${names.join(', ')}. Messages are JSON: [{"role":"user","parts":[{"type":"text","content":"…"}]}].`,
  }
}

/** Dialects whose spans say nothing of what a model was asked, and what to do about it. */
const silent: ReadonlyMap<string, string> = new Map([
  [
    'codex',
    'The spans of Codex have usage and no content: what its model was asked and answered is in none of them, so nothing can be optimized from them.',
  ],
])

function onDialects(dialects: TraceCheck['dialects']): TraceAdvice[] {
  if (dialects.length === 0 || dialects.some(({ modelCalls }) => modelCalls > 0)) return []
  const [said] = dialects.flatMap(({ dialect }) => silent.get(dialect) ?? [])
  return [
    {
      lack: 'model-calls',
      scope: null,
      dialect: null,
      found: 'No span says that it is a call of a model.',
      remedy:
        said ??
        'Check that the instrumentation of the model client is on. A span of your own is a model call with gen_ai.operation.name "chat".',
    },
  ]
}

function onCalls(check: ModelCallCheck): TraceAdvice[] {
  const { scope, dialect, calls, messages, prompts, unnamed, tools, tokens, sessions } = check
  const { undescribed } = check
  const found: TraceAdvice[] = []
  const lacks = (lack: TraceAdvice['lack'], what: string, remedy: string) =>
    found.push({ lack, scope, dialect, found: what, remedy })
  if (messages < calls * MOSTLY) {
    const what = `${share(calls - messages, calls)} without what was asked or answered.`
    lacks('messages', what, contentSetting(scope, dialect))
  }
  if (prompts === 0 && messages > 0) {
    const remedy =
      'Put the instructions into a system message, or into gen_ai.system_instructions: the text of the user is an input and no parameter.'
    lacks('prompt', 'No model call has a prompt that can be optimized.', remedy)
  }
  if (unnamed > 0) {
    const what = `${counted(unnamed, 'prompt')} of the latest runs named after the first words only.`
    lacks('prompt-name', what, namingOf(dialect))
  }
  if (tools === 0 && undescribed > 0) {
    const what = `Tools are called (${counted(undescribed, 'span')}), and nothing says what a model is told of them.`
    const remedy = `Record the definitions of the offered tools in ${keyFor('tools', dialect)} of the model call: only then can their descriptions be optimized.`
    lacks('tools', what, remedy)
  }
  if (tokens < calls * MOSTLY) {
    const remedy =
      'Record gen_ai.usage.input_tokens and gen_ai.usage.output_tokens. OpenAI sends them at the end of a stream only where stream_options.include_usage is true.'
    lacks('tokens', `${share(calls - tokens, calls)} without numbers of tokens.`, remedy)
  }
  if (sessions < calls * MOSTLY) {
    const remedy = `If runs belong to conversations, set ${keyFor('session', dialect)} on any span of the trace.`
    lacks('session', `${share(calls - sessions, calls)} in no session.`, remedy)
  }
  return found
}

function share(part: number, calls: number): string {
  return `${formatCount(part)} of ${counted(calls, 'model call')}`
}

function namingOf(dialect: string): string {
  if (dialect === 'vercel_ai') {
    return 'Set functionId in experimental_telemetry to a name that stays the same.'
  }
  const name = keyFor('promptName', dialect)
  return `Set ${name} on the model call, or name the agent (${keyFor('caller', dialect)}): otherwise another opening makes another parameter.`
}

function onFilled({ name, runs, texts }: FilledPrompt): TraceAdvice {
  return {
    lack: 'prompt-template',
    scope: null,
    dialect: null,
    found: `${name} has ${formatCount(texts)} texts in ${counted(runs, 'run')}: the program fills something in.`,
    remedy: `Send what changes in a message of the user, or record the template and what is filled in (llm.prompt_template.template and .variables of OpenInference). Otherwise a better value carries what was filled in for one run into all of them.`,
  }
}

function onEdges({ calls, connected }: TraceCheck['edges']): TraceAdvice[] {
  if (connected >= calls * MOSTLY) return []
  return [
    {
      lack: 'edges',
      scope: null,
      dialect: null,
      found: `${share(calls - connected, calls)} after the first of a run read nothing that an earlier operator gave.`,
      remedy:
        'Record what tools give and the ids of tool calls (gen_ai.tool.call.id, gen_ai.tool.call.result), and whole messages. Where a program computes an input from an earlier output, record the step as a span with its input and output. Independent calls need no edge.',
    },
  ]
}
