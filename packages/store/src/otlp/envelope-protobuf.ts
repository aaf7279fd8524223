import { Trace2Error } from '@trace2/core'
import { raise } from '../errors.ts'
import type { Allowance } from './allowance.ts'
import { attempted, type Envelope } from './envelope.ts'
import { lookOfBytes } from './foreign-bytes.ts'
import { eachField, embedded, keyValue, LENGTH_DELIMITED, type Reader } from './protobuf-reader.ts'
import type { AnyValue, ResourceRecord, ScopeRecord } from './records.ts'

/** Reads one span or log record, which ends where the reader's limit is. */
export type ReadRecord = (reader: Reader, envelope: Envelope) => void

/**
 * Walks an export request: traces and logs share the envelope of resources and scopes.
 *
 * @throws {Trace2Error} `T2_OTLP_INVALID` where the bytes are no such request, `T2_OTLP_TOO_MANY`.
 */
export function eachRecord(reader: Reader, allowance: Allowance, read: ReadRecord): void {
  const begin = reader.pos
  let groups = 0
  const group = () => {
    groups++
    allowance.take()
    resourceGroup(reader, allowance, read)
  }
  try {
    eachMessage(reader, 1, group)
  } catch (error) {
    if (error instanceof Trace2Error || !(error instanceof Error)) throw error
    const look = lookOfBytes(reader.buf)
    throw raise('T2_OTLP_INVALID', `The body is not OTLP protobuf: ${error.message}${look}.`, {
      cause: error,
    })
  }
  // Fields of another message are skipped as unknown ones, and would be lost without a word.
  if (groups > 0 || reader.len === begin) return
  throw raise('T2_OTLP_INVALID', `The body has no field of OTLP${lookOfBytes(reader.buf)}.`)
}

/** Calls `read` for each embedded message in one field; other fields are skipped. */
function eachMessage(reader: Reader, wanted: number, read: () => void): void {
  eachField(reader, (field, wire) => {
    if (field !== wanted || wire !== LENGTH_DELIMITED) return false
    embedded(reader, read)
    return true
  })
}

/** Spans come after their resource on the wire, but need not: two passes over the bytes. */
function resourceGroup(reader: Reader, allowance: Allowance, read: ReadRecord): void {
  const start = reader.pos
  const found = { attributes: new Map<string, AnyValue>(), schemaUrl: '' }
  let resource = (): ResourceRecord => found
  eachField(reader, (field, wire) => {
    if (wire !== LENGTH_DELIMITED) return false
    if (field === 1) {
      resource = attempted(() => {
        embedded(reader, () => eachAttribute(reader, 1, found.attributes))
        return found
      })
    } else if (field === 3) found.schemaUrl = reader.string()
    else return false
    return true
  })
  reader.pos = start
  eachMessage(reader, 2, () => {
    allowance.take()
    scopeGroup(reader, allowance, resource, read)
  })
}

function eachAttribute(reader: Reader, wanted: number, into: Map<string, AnyValue>): void {
  eachField(reader, (field, wire) => {
    if (field !== wanted || wire !== LENGTH_DELIMITED) return false
    keyValue(reader, into)
    return true
  })
}

function scopeGroup(
  reader: Reader,
  allowance: Allowance,
  resource: () => ResourceRecord,
  read: ReadRecord,
): void {
  const start = reader.pos
  const found = { name: '', version: '', attributes: new Map<string, AnyValue>(), schemaUrl: '' }
  let scope = (): ScopeRecord => found
  eachField(reader, (field, wire) => {
    if (wire !== LENGTH_DELIMITED) return false
    if (field === 1) {
      scope = attempted(() => {
        embedded(reader, () => readScope(reader, found))
        return found
      })
    } else if (field === 3) found.schemaUrl = reader.string()
    else return false
    return true
  })
  reader.pos = start
  const envelope = { resource, scope }
  eachMessage(reader, 2, () => {
    allowance.take()
    read(reader, envelope)
  })
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function readScope(
  reader: Reader,
  scope: Mutable<ScopeRecord> & { attributes: Map<string, AnyValue> },
): void {
  eachField(reader, (field, wire) => {
    if (wire !== LENGTH_DELIMITED) return false
    if (field === 1) scope.name = reader.string()
    else if (field === 2) scope.version = reader.string()
    else if (field === 3) keyValue(reader, scope.attributes)
    else return false
    return true
  })
}
