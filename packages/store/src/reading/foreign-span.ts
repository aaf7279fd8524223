import { valueHash } from '@trace2/core'
import type { Attributes, SpanRecord } from '../otlp/index.ts'
import { stableName } from '../prompt-names/index.ts'
import type { Dialect } from './dialects/index.ts'
import { withEvents } from './events.ts'
import {
  capturedValue,
  dialectOf,
  keysOf,
  kindOf,
  operatorKeys,
  textAmong,
  valueAt,
} from './fields.ts'
import { foreignInputs } from './inputs.ts'
import { entryOf } from './json.ts'
import type { SpanNote } from './logs.ts'
import { answeredBy, askedOf, type Message, messagesOf, saidBy } from './messages.ts'
import { promptsOf } from './prompts.ts'
import { capturedPlain, capturedText, parseCaptured } from './read.ts'
import type { Captured, SpanRows } from './rows.ts'
import { sharedFields } from './shared-fields.ts'
import { calledWith, toolAnswer } from './tool-values.ts'

/** Reads a span of another convention, with what logs say of it. */
export function foreignSpan(
  span: SpanRecord,
  notes: readonly SpanNote[],
): Omit<SpanRows, 'feedback'> {
  const attributes = withEvents(span.attributes, span.events, notes)
  const dialect = dialectOf(attributes)
  const opKind = dialect ? kindOf(attributes, dialect) : null
  const written = inputOf(attributes, dialect, opKind)
  const prompts = promptsOf(attributes, dialect, opKind, written.messages)
  const input = prompts.messages ? askedBy(opKind, prompts.messages) : written.captured
  const { captured: output, callId } = outputOf(attributes, dialect, opKind)
  const shared = sharedFields(span, attributes, dialect)
  const uses = prompts.parameters.map(({ row: { name, version } }) => ({ name, version }))
  return {
    parameters: prompts.parameters.map(({ row }) => row),
    unnamed: prompts.unnamed,
    uses: uses.map((use) => ({ ...use, propensity: null })),
    inputs: foreignInputs(span, {
      input: input ? parseCaptured(input) : undefined,
      variables: prompts.variables,
      parameters: prompts.parameters,
    }),
    span: {
      kind: opKind !== null && asides.has(opKind) ? 'aside' : 'op',
      dialect: dialect?.name ?? 'otel',
      op: stableName(nameOf(attributes, dialect, opKind) ?? span.name),
      opKind,
      description: '',
      sourceHash: null,
      input,
      output,
      outputHash: output ? valueHash(parseCaptured(output)) : null,
      templates: null,
      ...shared,
      callId: shared.callId ?? callId ?? null,
      // An agent's usage is the sum of its model calls', which are spans of their own.
      ...(opKind === 'agent' || opKind === 'chain' ? noUsage : {}),
    },
  }
}

/** Kinds of operations that are no steps: what they say is said again by those that are. */
const asides: ReadonlySet<string> = new Set(['setup', 'chunk', 'wait', 'hook'])

const noUsage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  costUsd: null,
}

/** Model calls have no name of their own: their spans are called after the model, which may change. */
const byKind: Readonly<Record<string, string>> = { llm: 'chat', embedding: 'embeddings' }

function nameOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): string | null {
  if (kind === null) return null
  return textAmong(attributes, operatorKeys(dialect, kind)) ?? entryOf(byKind, kind) ?? null
}

function inputOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): { readonly captured: Captured | null; readonly messages?: readonly Message[] } {
  const keys = keysOf(dialect, 'input')
  const messages = speaks(kind) ? firstMessages(attributes, keys, 'user', kind) : undefined
  if (messages) return { captured: null, messages }
  const found = firstValue(attributes, keys)
  if (!found) return { captured: null }
  // A tool's arguments are looked for in what models said, so they are written alike.
  if (kind === 'tool') return { captured: captured(calledWith(parseCaptured(found))) }
  return {
    captured: /"kwargs"/.test(found.text) ? captured(calledWith(parseCaptured(found))) : found,
  }
}

function askedBy(kind: string | null, messages: readonly Message[]): Captured | null {
  if (messages.length === 0) return null
  return captured(kind === 'agent' ? askedOf(messages) : messages)
}

interface Output {
  readonly captured: Captured | null
  /** Id of the call that a tool's message says it answers. */
  readonly callId?: string | undefined
}

function outputOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): Output {
  const keys = keysOf(dialect, 'output')
  const messages = speaks(kind) ? firstMessages(attributes, keys, 'assistant', kind) : undefined
  if (messages)
    return { captured: captured(kind === 'agent' ? answeredBy(messages) : saidBy(messages)) }
  const found = firstValue(attributes, keys)
  if (kind !== 'tool' || !found) return { captured: found }
  const { value, callId } = toolAnswer(parseCaptured(found))
  return { captured: captured(value), callId }
}

function speaks(kind: string | null): boolean {
  return kind === 'llm' || kind === 'agent'
}

/**
 * The messages under the first key that has them whole. Under some keys there are messages without their content, or no more
 * than the system's, and the whole conversation is under another.
 */
function firstMessages(
  attributes: Attributes,
  keys: readonly string[],
  role: 'user' | 'assistant',
  kind: string | null,
): readonly Message[] | undefined {
  let partial: readonly Message[] | undefined
  for (const key of keys) {
    const value = valueAt(attributes, key)
    if (value === undefined) continue
    const found = messagesOf(value, role)
    if (found && isWhole(value, found, kind)) return found
    partial ??= found
    // An agent is called with whatever its program passes; that is not to be looked past.
    if (!found && kind === 'agent') break
  }
  return partial
}

function isWhole(value: unknown, found: readonly Message[], kind: string | null): boolean {
  if (Array.isArray(value) && value.length > found.length) return false
  return kind !== 'agent' || found.some(({ role }) => role !== 'system')
}

function firstValue(attributes: Attributes, keys: readonly string[]): Captured | null {
  for (const key of keys) {
    if (/[*#]/.test(key)) {
      const value = valueAt(attributes, key)
      if (value !== undefined) return captured(value)
      continue
    }
    const found = capturedValue(attributes, key)
    if (found) return found
  }
  return null
}

function captured(value: unknown): Captured {
  return typeof value === 'string'
    ? capturedPlain(value.toWellFormed())
    : capturedText(JSON.stringify(value), false)
}
