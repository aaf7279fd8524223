import { valueHash } from '@trace2/core'
import { objectOf } from '../otlp/json-values.ts'
import type { Attributes, SpanRecord } from '../otlp/records.ts'
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
import type { SpanNote } from './logs.ts'
import { askedOf, type Message, messagesOf, saidBy } from './messages.ts'
import { promptsOf } from './prompts.ts'
import { capturedPlain, capturedText, parseCaptured } from './read.ts'
import type { Captured, SpanRows } from './rows.ts'
import { sharedFields } from './shared-fields.ts'

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
  const output = outputOf(attributes, dialect, opKind)
  const uses = prompts.parameters.map(({ row: { name, version } }) => ({ name, version }))
  return {
    parameters: prompts.parameters.map(({ row }) => row),
    uses: uses.map((use) => ({ ...use, propensity: null })),
    inputs: foreignInputs(span, {
      input: input ? parseCaptured(input) : undefined,
      variables: prompts.variables,
      parameters: prompts.parameters,
    }),
    span: {
      kind: 'op',
      dialect: dialect?.name ?? 'otel',
      op: nameOf(attributes, dialect, opKind) ?? span.name,
      opKind,
      description: '',
      sourceHash: null,
      input,
      output,
      outputHash: output ? valueHash(parseCaptured(output)) : null,
      templates: null,
      ...sharedFields(span, attributes, dialect),
      // An agent's usage is the sum of its model calls', which are spans of their own.
      ...(opKind === 'agent' || opKind === 'chain' ? noUsage : {}),
    },
  }
}

const noUsage = { inputTokens: null, outputTokens: null, costUsd: null }

/** Model calls have no name of their own: their spans are called after the model, which may change. */
const byKind: Readonly<Record<string, string>> = { llm: 'chat', embedding: 'embeddings' }

function nameOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): string | null {
  if (kind === null) return null
  return textAmong(attributes, operatorKeys(dialect, kind)) ?? byKind[kind] ?? null
}

function inputOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): { readonly captured: Captured | null; readonly messages?: readonly Message[] } {
  const keys = keysOf(dialect, 'input')
  const messages = speaks(kind) ? firstMessages(attributes, keys, 'user', kind) : undefined
  return messages ? { captured: null, messages } : { captured: calledWith(attributes, keys, kind) }
}

/**
 * Decorators of Python functions (OpenLLMetry, Langfuse) record a call as `{args: […], kwargs: {…}}`: what was passed
 * by name, or alone, is what a model or a caller said.
 */
function calledWith(
  attributes: Attributes,
  keys: readonly string[],
  kind: string | null,
): Captured | null {
  const found = firstValue(attributes, keys, kind)
  if (!found || !/"kwargs"/.test(found.text)) return found
  const call = objectOf(parseCaptured(found))
  const args = call?.args
  const named = objectOf(call?.kwargs)
  if (!named || !Array.isArray(args) || Object.keys(call ?? {}).length !== 2) return found
  if (args.length === 0) return captured(named)
  return args.length === 1 && Object.keys(named).length === 0 ? captured(args[0]) : found
}

function askedBy(kind: string | null, messages: readonly Message[]): Captured | null {
  if (messages.length === 0) return null
  return captured(kind === 'agent' ? askedOf(messages) : messages)
}

function outputOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): Captured | null {
  const keys = keysOf(dialect, 'output')
  const messages = speaks(kind) ? firstMessages(attributes, keys, 'assistant', kind) : undefined
  return messages ? captured(saidBy(messages)) : firstValue(attributes, keys, kind)
}

function speaks(kind: string | null): boolean {
  return kind === 'llm' || kind === 'agent'
}

function firstMessages(
  attributes: Attributes,
  keys: readonly string[],
  role: 'user' | 'assistant',
  kind: string | null,
): readonly Message[] | undefined {
  for (const key of keys) {
    const value = valueAt(attributes, key)
    if (value === undefined) continue
    const found = messagesOf(value, role)
    if (found) return found
    // An agent is called with whatever its program passes; that is not to be looked past.
    if (kind === 'agent') return undefined
  }
  return undefined
}

function firstValue(
  attributes: Attributes,
  keys: readonly string[],
  kind: string | null,
): Captured | null {
  for (const key of keys) {
    if (/[*#]/.test(key)) {
      const value = valueAt(attributes, key)
      if (value !== undefined) return captured(value)
      continue
    }
    const found = capturedValue(attributes, key)
    // A tool's arguments and result are looked for in what models said and heard, so they are written alike.
    if (found) return kind === 'tool' ? captured(parseCaptured(found)) : found
  }
  return null
}

function captured(value: unknown): Captured {
  return typeof value === 'string'
    ? capturedPlain(value.toWellFormed())
    : capturedText(JSON.stringify(value), false)
}
