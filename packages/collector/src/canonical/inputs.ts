import {
  ATTR_INPUTS,
  LINK_HOW,
  LINK_POINTER,
  LINK_ROLE,
  PREFIX_INPUT_HASH,
  parseInput,
  type RecordedInput,
  valueHash,
} from '@trace2/instrumentation/semconv'
import { isList } from '../otlp/attribute-json.ts'
import type { Attributes, SpanLink, SpanRecord } from '../otlp/model.ts'
import { isDistinctive } from './distinctive.ts'
import { textAt } from './read.ts'
import type { InputRow, ParameterUseRow } from './rows.ts'

const blank = {
  how: 'exact',
  pointer: '',
  traceId: null,
  spanId: null,
  parameter: null,
  version: null,
  valueHash: null,
  value: null,
  distinctive: false,
} as const

/** Inputs of a span that records them: its entries, and one external input for each role without an entry. */
export function recordedInputs(
  span: SpanRecord,
  input: unknown,
  uses: readonly ParameterUseRow[],
): InputRow[] {
  const rows = entriesOf(span)
  const roles = new Set(rows.map((row) => row.role))
  const values = membersOf(input)
  const explicit = new Map(rows.filter((row) => row.origin === 'value').map((r) => [r.role, r]))
  for (const [role, row] of explicit) {
    if (!values.has(role)) continue
    const at = rows.indexOf(row)
    rows[at] = { ...row, value: JSON.stringify(values.get(role)) ?? null }
  }
  for (const use of uses) {
    if (rows.some((row) => row.parameter === use.name)) continue
    // A use without an entry is still a use: the parameter's own name is its role.
    rows.push({
      ...blank,
      role: use.name,
      origin: 'parameter',
      parameter: use.name,
      version: use.version,
    })
  }
  for (const role of new Set([...values.keys(), ...hashedRoles(span.attributes)])) {
    if (!roles.has(role)) rows.push(external(span.attributes, role, values.get(role)))
  }
  return rows
}

/** The one input of a foreign span, and what its plain links point at. */
export function foreignInputs(
  span: SpanRecord,
  input: unknown,
  uses: readonly ParameterUseRow[],
): InputRow[] {
  const rows: InputRow[] = plainLinks(span.links)
  for (const use of uses) {
    rows.push({
      ...blank,
      role: use.name.startsWith('tool.') ? 'tools' : 'prompt',
      origin: 'parameter',
      parameter: use.name,
      version: use.version,
    })
  }
  if (input !== undefined) rows.push(externalInput('input', input))
  return rows
}

/** An input whose value is all that is known of it. */
export function externalInput(role: string, value: unknown): InputRow {
  return external(new Map(), role, value)
}

/** An input that is the whole output of a span. */
export function originInput(role: string, traceId: string, spanId: string): InputRow {
  return { ...blank, role, origin: 'span', traceId, spanId }
}

function membersOf(input: unknown): Map<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return new Map(input === undefined ? [] : [['input', input]])
  }
  return new Map(Object.entries(input))
}

function hashedRoles(attributes: Attributes): string[] {
  return [...attributes.keys()]
    .filter((key) => key.startsWith(PREFIX_INPUT_HASH))
    .map((key) => key.slice(PREFIX_INPUT_HASH.length))
}

/** Hashes that a withheld value may have by chance. */
const commonHashes = new Set([null, true, false, 0, 1, '', 'undefined'].map(valueHash))

function external(attributes: Attributes, role: string, value: unknown): InputRow {
  const whole = textAt(attributes, PREFIX_INPUT_HASH + role)
  const hash = whole !== null && /^[0-9a-f]{64}$/.test(whole) ? whole : undefined
  return {
    ...blank,
    role,
    origin: 'value',
    valueHash: hash ?? valueHash(value),
    value: JSON.stringify(value) ?? null,
    distinctive: hash === undefined ? isDistinctive(value) : !commonHashes.has(hash),
  }
}

/** The entries of `trace2.inputs`; where an SDK or a backend lost the array, those of the links. */
function entriesOf(span: SpanRecord): InputRow[] {
  const listed = span.attributes.get(ATTR_INPUTS)
  const texts = typeof listed === 'string' ? [listed] : (listed ?? null)
  if (texts === null || typeof texts !== 'object' || !isList(texts)) {
    return [...linkedInputs(span.links), ...plainLinks(span.links)]
  }
  const rows = texts.map((text): InputRow => {
    const parsed = typeof text === 'string' ? parseInput(text) : undefined
    return parsed ? rowOf(parsed) : malformed(String(text))
  })
  return [...rows, ...plainLinks(span.links)]
}

function malformed(text: string): InputRow {
  return { ...blank, role: '', origin: 'malformed', how: '', pointer: text.slice(0, 200) }
}

function rowOf({ role, origin, how }: RecordedInput): InputRow {
  const common = { ...blank, role, how, pointer: origin.pointer }
  switch (origin.kind) {
    case 'span':
      return { ...common, origin: 'span', traceId: origin.traceId, spanId: origin.spanId }
    case 'parameter':
      return {
        ...common,
        origin: 'parameter',
        parameter: origin.name,
        version: origin.version,
      }
    case 'value':
      return { ...common, origin: 'value', valueHash: origin.hash, distinctive: true }
  }
}

const recordedHow = new Set(['identity', 'template', 'value'])

function linkedInputs(links: readonly SpanLink[]): InputRow[] {
  return links.flatMap((link) => {
    const role = textAt(link.attributes, LINK_ROLE)
    if (role === null) return []
    const how = textAt(link.attributes, LINK_HOW) ?? 'exact'
    return {
      ...blank,
      role,
      origin: 'span' as const,
      how: recordedHow.has(how) ? how : 'exact',
      pointer: textAt(link.attributes, LINK_POINTER) ?? '',
      traceId: link.traceId,
      spanId: link.spanId,
    }
  })
}

/** Links that say only "related": an edge of the weakest kind but one. */
function plainLinks(links: readonly SpanLink[]): InputRow[] {
  return links
    .filter((link) => !link.attributes.has(LINK_ROLE))
    .map((link) => ({
      ...blank,
      role: 'link',
      origin: 'link',
      how: 'link',
      traceId: link.traceId,
      spanId: link.spanId,
    }))
}
