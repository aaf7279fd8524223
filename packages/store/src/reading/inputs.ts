import {
  ATTR_INPUTS,
  LINK_HOW,
  LINK_POINTER,
  LINK_ROLE,
  PREFIX_INPUT_HASH,
  parseInput,
  pointerToken,
  type RecordedInput,
  valueHash,
} from '@trace2/core'
import { memoizeByName } from '../memoize-by-name.ts'
import { isList } from '../otlp/attribute-json.ts'
import type { Attributes, SpanLink, SpanRecord } from '../otlp/records.ts'
import { attributeFlag, attributeFlagsOf } from './attribute-flags.ts'
import { isDistinctive } from './distinctive.ts'
import { inputsOfOpenTrace } from './opentrace.ts'
import type { ForeignParameter } from './prompts.ts'
import { textAt } from './read.ts'
import { blankInput, type InputRow, type ParameterUseRow } from './rows.ts'

/** Inputs of a span that records them: its entries, and one external input for each role without an entry. */
export function recordedInputs(
  span: SpanRecord,
  input: unknown,
  uses: readonly ParameterUseRow[],
): InputRow[] {
  const members = membersOf(input)
  const rows = entriesOf(span)
  const roles = new Set<string>()
  const entered = new Set<string>()
  for (const [index, row] of rows.entries()) {
    roles.add(row.role)
    if (row.parameter !== null) entered.add(`${row.parameter}@${row.version}`)
    if (row.origin !== 'value' || !Object.hasOwn(members, row.role)) continue
    rows[index] = { ...row, at: placeOf(row.role, input) }
  }
  for (const use of uses) {
    if (entered.has(`${use.name}@${use.version}`)) continue
    // A use without an entry is still a use: the parameter's own name is its role.
    roles.add(use.name)
    rows.push({
      ...blankInput,
      role: use.name,
      origin: 'parameter',
      parameter: use.name,
      version: use.version,
    })
  }
  for (const role of Object.keys(members)) {
    if (roles.has(role)) continue
    const given = { value: members[role], at: placeOf(role, input) }
    rows.push(external(span.attributes, role, given))
  }
  if (!(attributeFlagsOf(span.attributes) & attributeFlag.inputHash)) return rows
  for (const role of new Set(hashedRoles(span.attributes))) {
    if (roles.has(role) || Object.hasOwn(members, role)) continue
    rows.push(external(span.attributes, role, undefined))
  }
  return rows
}

/** What a foreign span was given, as far as it says. */
export interface ForeignInput {
  readonly input: unknown
  /** Values that a named template was filled with. */
  readonly variables: unknown
  readonly parameters: readonly ForeignParameter[]
}

/** The inputs of a foreign span, and what its plain links point at. */
export function foreignInputs(
  span: SpanRecord,
  { input, variables, parameters }: ForeignInput,
): InputRow[] {
  const rows = [...plainLinks(span.links), ...inputsOfOpenTrace(span.attributes, span.traceId)]
  for (const { role, row } of parameters) {
    const { name, version } = row
    rows.push({ ...blankInput, role, origin: 'parameter', parameter: name, version })
  }
  if (input !== undefined) rows.push(external(new Map(), 'input', { value: input, at: '' }))
  if (variables !== undefined) {
    const row = external(new Map(), 'variables', { value: variables, at: '' })
    rows.push({ ...row, at: null, value: JSON.stringify(variables) ?? null })
  }
  return rows
}

/** A value that a span was given, and where in its input it is. */
interface Given {
  readonly value: unknown
  readonly at: string
}

/** The values by role; one that has no members has the role `input`. */
function membersOf(input: unknown): Readonly<Record<string, unknown>> {
  if (hasMembers(input)) return input
  return input === undefined ? {} : { input }
}

function hasMembers(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

/** JSON pointer of a role's value in the input. */
function placeOf(role: string, input: unknown): string {
  return hasMembers(input) ? pointerToken(role) : ''
}

function hashedRoles(attributes: Attributes): string[] {
  return [...attributes.keys()]
    .filter((key) => key.startsWith(PREFIX_INPUT_HASH))
    .map((key) => key.slice(PREFIX_INPUT_HASH.length))
}

const hashOfNumber = memoizeByName((digits) => valueHash(Number(digits)))

function hashOf(value: unknown): string {
  return typeof value === 'number' ? hashOfNumber(String(value)) : valueHash(value)
}

/** Hashes that a withheld value may have by chance. */
const commonHashes = new Set([null, true, false, 0, 1, '', 'undefined'].map(valueHash))

/** An input that no operator produced. */
function external(attributes: Attributes, role: string, given: Given | undefined): InputRow {
  const whole = textAt(attributes, PREFIX_INPUT_HASH + role)
  const hash = whole !== null && /^[0-9a-f]{64}$/.test(whole) ? whole : undefined
  return {
    role,
    origin: 'value',
    how: 'exact',
    pointer: '',
    traceId: null,
    spanId: null,
    parameter: null,
    version: null,
    valueHash: hash ?? hashOf(given?.value),
    at: given?.at ?? null,
    value: null,
    distinctive: hash === undefined ? isDistinctive(given?.value) : !commonHashes.has(hash),
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
  return { ...blankInput, role: '', origin: 'malformed', how: '', pointer: text.slice(0, 200) }
}

function rowOf({ role, origin, how }: RecordedInput): InputRow {
  const { kind, pointer } = origin
  return {
    role,
    origin: kind,
    how,
    pointer,
    traceId: kind === 'span' ? origin.traceId : null,
    spanId: kind === 'span' ? origin.spanId : null,
    parameter: kind === 'parameter' ? origin.name : null,
    version: kind === 'parameter' ? origin.version : null,
    valueHash: kind === 'value' ? origin.hash : null,
    at: null,
    value: null,
    distinctive: kind === 'value',
  }
}

const recordedHow = new Set(['identity', 'template', 'value'])

function linkedInputs(links: readonly SpanLink[]): InputRow[] {
  return links.flatMap((link) => {
    const role = textAt(link.attributes, LINK_ROLE)
    if (role === null) return []
    const how = textAt(link.attributes, LINK_HOW) ?? 'exact'
    return {
      ...blankInput,
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
      ...blankInput,
      role: 'link',
      origin: 'link',
      how: 'link',
      traceId: link.traceId,
      spanId: link.spanId,
    }))
}
