import type { Json } from '@trace2/core'
import type { CaseFeedback, Split } from '@trace2/store'
import { raise } from '../../errors.ts'
import { type Draft, draftOf } from '../draft.ts'
import { splitNamed } from '../shares.ts'
import { isJsonObject } from './jsonl.ts'

/** Names under which files of other tools have what a case should give; the first that a record has counts. */
const references = ['reference', 'expected', 'expected_output', 'expectedOutput', 'ideal'] as const

/**
 * The case that a record of a file describes. What is no part of a case is metadata, and so are the members of an object
 * `metadata`.
 *
 * @throws {Trace2Error} `T2_CASE_INPUT`, `T2_CASE_FIELD`
 */
export function draftOfRecord(record: { readonly [name: string]: Json }): Draft {
  const rest = new Map(Object.entries(record))
  // The id of a case is the hash of its inputs, whatever a file calls it.
  rest.delete('id')
  const inputs = inputsOf(rest)
  const reference = referenceOf(rest)
  const group = groupOf(rest.get('group'))
  const split = splitGiven(rest.get('split'))
  rest.delete('group')
  rest.delete('split')
  const feedback = taken(rest, 'feedback', feedbackOf) ?? []
  if (Array.isArray(rest.get('feedback'))) {
    const what = '`feedback` is no list of pieces with name, score, label, comment and source.'
    throw raise('T2_CASE_FIELD', what)
  }
  const run = taken(rest, 'run', runOf) ?? null
  const metadata = taken(rest, 'metadata', (value) => (isJsonObject(value) ? value : undefined))
  return draftOf(inputs, {
    reference,
    group,
    split,
    feedback,
    run,
    metadata: Object.fromEntries([...rest, ...Object.entries(metadata ?? {})]),
  })
}

function inputsOf(record: Map<string, Json>): Draft['inputs'] {
  const inputs = record.get('inputs')
  if (isJsonObject(inputs)) {
    record.delete('inputs')
    if (Object.keys(inputs).length > 0) return inputs
    throw raise('T2_CASE_INPUT', 'The case has no input: `inputs` is empty.')
  }
  if (inputs !== undefined && inputs !== null) {
    throw raise('T2_CASE_INPUT', '`inputs` is no object with a value per role.')
  }
  const input = record.get('input')
  if (input === undefined || input === null) {
    throw raise('T2_CASE_INPUT', 'The case has no input.')
  }
  record.delete('inputs')
  record.delete('input')
  return { input }
}

function referenceOf(record: Map<string, Json>): Json {
  const name = references.find((each) => record.has(each))
  const reference = name === undefined ? undefined : record.get(name)
  if (name !== undefined) record.delete(name)
  return reference ?? null
}

function groupOf(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value
  throw raise('T2_CASE_FIELD', '`group` is neither a text nor a number.')
}

function splitGiven(value: Json | undefined): Split | null {
  if (value === undefined || value === null || value === '') return null
  const split = splitNamed(value)
  if (split) return split
  throw raise('T2_CASE_FIELD', `\`split\` is ${JSON.stringify(value).slice(0, 80)}.`)
}

/** Takes a member out of a record if it reads as what its name says; otherwise it stays. */
function taken<T>(
  record: Map<string, Json>,
  name: string,
  read: (value: Json) => T | undefined,
): T | undefined {
  const value = record.get(name)
  const result = value === undefined ? undefined : read(value)
  if (result !== undefined || value === null) record.delete(name)
  return result
}

function runOf(value: Json): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{32}(:[0-9a-f]{16})?$/.test(value)
    ? value
    : undefined
}

/** Feedback as it is exported. */
function feedbackOf(value: Json): readonly CaseFeedback[] | undefined {
  if (!Array.isArray(value)) return undefined
  const pieces = value.flatMap((each: Json) => pieceOf(each) ?? [])
  return pieces.length === value.length ? pieces : undefined
}

function pieceOf(value: Json): CaseFeedback | undefined {
  if (!isJsonObject(value)) return undefined
  const { name, score = null, label = null, comment = null, source } = value
  if (typeof name !== 'string') return undefined
  if (score !== null && typeof score !== 'number') return undefined
  if (label !== null && typeof label !== 'string') return undefined
  if (comment !== null && typeof comment !== 'string') return undefined
  if (source !== 'human' && source !== 'model' && source !== 'code') return undefined
  return { name, score, label, comment, source }
}
