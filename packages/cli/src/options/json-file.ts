import { readFile } from 'node:fs/promises'
import type { Json } from '@trace2/core'
import { raise } from '../errors.ts'

/** The JSON value in a file that the user named. */
export async function readJsonFile(path: string): Promise<Json> {
  const text = await readTextFile(path)
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_FILE', `${path} is not JSON: ${reason}`, { cause: error })
  }
}

/** The text in a file that the user named. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw raise('T2_FILE', `${path} cannot be read.`, { cause: error })
  }
}
