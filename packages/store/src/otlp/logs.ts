import { raise } from '../errors.ts'
import { Allowance } from './allowance.ts'
import { eachJsonRecord } from './envelope-json.ts'
import { eachRecord } from './envelope-protobuf.ts'
import { validId } from './ids.ts'
import { givenTime } from './json-times.ts'
import { anyValue, attributesOf, member, textOf } from './json-values.ts'
import {
  anyValue as anyValueOf,
  eachField,
  embedded,
  FIXED64,
  fixed64,
  hex,
  keyValue,
  LENGTH_DELIMITED,
  type Reader,
} from './protobuf-reader.ts'
import type { AnyValue, Attributes } from './records.ts'
import { Outcome } from './rejection.ts'
import { shownTime } from './times.ts'

/** A log record as far as it concerns runs: an event, on a span or on none. */
export interface LogRecord {
  readonly timeNs: bigint
  readonly name: string
  readonly body: AnyValue
  readonly attributes: Attributes
  readonly traceId: string | undefined
  readonly spanId: string | undefined
}

export interface DecodedLogs {
  readonly records: LogRecord[]
  readonly rejected: number
  readonly errors: string[]
}

export function logsFromJson(body: unknown): DecodedLogs {
  const records: LogRecord[] = []
  const outcome = new Outcome<LogRecord>('log record', (record) => records.push(record))
  eachJsonRecord(body, 'Logs', 'logRecords', new Allowance(), (value) =>
    outcome.attempt(() => {
      const attributes = attributesOf(member(value, 'attributes'))
      const observed = member(value, 'observedTimeUnixNano')
      return {
        timeNs:
          givenTime('timeUnixNano', member(value, 'timeUnixNano')) ||
          givenTime('observedTimeUnixNano', observed),
        name: nameOf(textOf(member(value, 'eventName')), attributes),
        body: anyValue(member(value, 'body')),
        attributes,
        traceId: validId(member(value, 'traceId'), 16),
        spanId: validId(member(value, 'spanId'), 8),
      }
    }),
  )
  return { records, rejected: outcome.rejected, errors: outcome.errors }
}

export function logsFromProtobuf(input: Reader): DecodedLogs {
  const records: LogRecord[] = []
  const outcome = new Outcome<LogRecord>('log record', (record) => records.push(record))
  eachRecord(input, new Allowance(), (reader) => outcome.attempt(() => readLog(reader)))
  return { records, rejected: outcome.rejected, errors: outcome.errors }
}

function readLog(reader: Reader): LogRecord {
  const attributes = new Map<string, AnyValue>()
  const log = { time: 0n, observed: 0n, name: '', traceId: '', spanId: '' }
  let body: AnyValue = null
  eachField(reader, (field, wire) => {
    // A Span has its trace id where a LogRecord has its time.
    if (field === 1 && wire === LENGTH_DELIMITED) {
      throw raise('T2_OTLP_WRONG_SIGNAL', 'The body holds traces or metrics, not logs.')
    }
    if (field === 1 && wire === FIXED64) log.time = fixed64(reader)
    else if (field === 5 && wire === LENGTH_DELIMITED) {
      body = embedded(reader, () => anyValueOf(reader, 0))
    } else if (field === 6 && wire === LENGTH_DELIMITED) keyValue(reader, attributes)
    else if (field === 9 && wire === LENGTH_DELIMITED) log.traceId = hex(reader)
    else if (field === 10 && wire === LENGTH_DELIMITED) log.spanId = hex(reader)
    else if (field === 11 && wire === FIXED64) log.observed = fixed64(reader)
    else if (field === 12 && wire === LENGTH_DELIMITED) log.name = reader.string()
    else return false
    return true
  })
  return {
    timeNs: shownTime('timeUnixNano', log.time || log.observed),
    name: nameOf(log.name, attributes),
    body,
    attributes,
    traceId: validId(log.traceId, 16),
    spanId: validId(log.spanId, 8),
  }
}

/** Before events had a field of their own, their name was an attribute. */
function nameOf(name: string, attributes: Attributes): string {
  if (name !== '') return name
  const attribute = attributes.get('event.name')
  return typeof attribute === 'string' ? attribute : ''
}
