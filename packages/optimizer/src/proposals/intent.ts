import { readFile, rm, writeFile } from 'node:fs/promises'
import { canonicalJson, sha256 } from '@trace2/core'
import type { NewDecision } from '@trace2/store'
import { raise } from '../errors.ts'

// A store may be somebody else's. What it says was decided changes no file here unless a command here has decided it: that
// command has left a note beside the file, which goes once the decision is ended.

/**
 * Notes beside a file what is about to be decided about it. The caller holds its lock.
 *
 * @throws `T2_PARAMETERS_UNWRITABLE`
 */
export async function noteIntent(decision: NewDecision): Promise<void> {
  const path = noteOf(decision.target)
  try {
    await writeFile(path, digestOf(decision))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw raise('T2_PARAMETERS_UNWRITABLE', `${path} cannot be written: ${why}.`, { cause: error })
  }
}

/** Whether a command on this machine has decided this, to the letter. */
export async function isIntended(decision: NewDecision): Promise<boolean> {
  const noted = await readFile(noteOf(decision.target), 'utf8').catch(() => '')
  return noted === digestOf(decision)
}

/** Removes the note beside a file. */
export async function forgetIntent(target: string): Promise<void> {
  await rm(noteOf(target), { force: true }).catch(() => {})
}

function noteOf(target: string): string {
  return `${target}.decision`
}

function digestOf({ id, action, target, changes }: NewDecision): string {
  const decided = changes.map(({ parameter, version, replaces, previousVersion, proposal }) => {
    return { parameter, version, replaces, previousVersion, proposal }
  })
  return sha256(canonicalJson({ id, action, target, changes: decided }))
}
