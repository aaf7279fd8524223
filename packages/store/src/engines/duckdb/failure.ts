import { Trace2Error } from '@trace2/core'
import { raise } from '../../errors.ts'
import type { Failure, FailureKind } from '../engine.ts'

/** Why a database could not be opened, as an error that a user can act on. */
export function openFailure(path: string, error: unknown): Trace2Error {
  if (error instanceof Trace2Error) return error
  const message = messageOf(error)
  const options = { cause: error }
  const holder = /lock[\s\S]*?PID (\d+)/i.exec(message)
  if (holder) {
    return raise('T2_STORE_LOCKED', `Process ${holder[1]} holds the database ${path}.`, options)
  }
  if (/could not set lock/i.test(message)) {
    return raise('T2_STORE_LOCKED', `Another process holds the database ${path}.`, options)
  }
  if (isDamage(error)) {
    return raise('T2_STORE_DAMAGED', `The database ${path} cannot be read: ${message}`, options)
  }
  return raise('T2_STORE_OPEN', `The database ${path} cannot be opened: ${message}`, options)
}

/** What a failure of DuckDB, or of a call on an open database, means. */
export function failureOf(error: unknown): Failure {
  const kind = kindOf(error)
  if (error instanceof Trace2Error) return { kind, error }
  return { kind, error: raise(codes[kind], messageOf(error), { cause: error }) }
}

const codes = {
  refused: 'T2_INTERNAL',
  damage: 'T2_STORE_DAMAGED',
  disk: 'T2_STORE_WRITE',
  memory: 'T2_INTERNAL',
  invalid: 'T2_INTERNAL',
  defect: 'T2_INTERNAL',
} as const satisfies Record<FailureKind, string>

function kindOf(error: unknown): FailureKind {
  if (isDamage(error)) return 'damage'
  if (error instanceof Trace2Error) {
    if (error.code === 'T2_STORE_WRITE') return 'disk'
    if (error.code !== 'T2_INTERNAL') return 'refused'
  } else if (isDiskRefusal(error)) return 'disk'
  if (isFatal(error)) return 'invalid'
  return isOutOfMemory(error) ? 'memory' : 'defect'
}

/** Whether bytes of the file or of its log are not what was written. */
export function isDamage(error: unknown): boolean {
  return /WAL file|corrupt|checksum|not a valid DuckDB|could not read enough bytes/i.test(
    messageOf(error),
  )
}

/** Whether the file system refused to take more. */
function isDiskRefusal(error: unknown): boolean {
  return /No space left|File too large|Disk quota|Read-only file system|could not write|ENOSPC|EFBIG|EDQUOT|EROFS/i.test(
    messageOf(error),
  )
}

/** Whether DuckDB has given the database up in this process: it has to be opened anew. */
export function isFatal(error: unknown): boolean {
  return /FATAL Error|database has been invalidated/i.test(messageOf(error))
}

/** Whether a query or a transaction needed more memory than there is. */
function isOutOfMemory(error: unknown): boolean {
  return /out of memory/i.test(messageOf(error))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
