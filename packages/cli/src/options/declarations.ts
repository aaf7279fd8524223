import type { FeedbackDeclarations } from '@trace2/store'
import { raise } from '../errors.ts'
import { readJsonFile } from './json-file.ts'

/**
 * Reads a file that declares names of feedback: `{"trace2": 1, "feedback": {"csat": {"scale": [1, 5]}}}`. What stands in
 * each declaration the store checks.
 *
 * @throws `T2_USAGE` where the file is something else.
 */
export async function readDeclarations(path: string): Promise<FeedbackDeclarations> {
  const document: unknown = await readJsonFile(path)
  const feedback = memberOf(document, 'feedback')
  if (memberOf(document, 'trace2') !== 1 || !isObject(feedback)) {
    throw raise(
      'T2_USAGE',
      `${path} declares no feedback: it has to be {"trace2": 1, "feedback": {"<name>": {"scale": [1, 5], "direction": "higher", "weight": 1}}}.`,
    )
  }
  return Object.fromEntries(Object.entries(feedback))
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
