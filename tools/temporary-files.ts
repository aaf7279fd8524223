import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gives all tests one directory for temporary files, and removes it with what they and their processes left there. */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-tests-'))
  process.env.TMPDIR = directory
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
}
