import protobuf from 'protobufjs/minimal.js'
import { type OtlpEncoding, parseJson, type Signal } from '../decode.ts'
import { readerOf } from '../protobuf-reader.ts'
import type { MessageName } from './schema.ts'
import { Tally } from './tally.ts'
import { messageToJson } from './to-json.ts'
import { messageToProtobuf } from './to-protobuf.ts'

/** A request in another encoding. */
export interface Transcoded {
  readonly body: Uint8Array
  /**
   * Fields that the other encoding cannot carry: those that OTLP 1.11 does not name, those of a wrong type, damaged
   * ones. Everything else is carried, also what a receiver would reject.
   */
  readonly lost: number
}

const requests: Readonly<Record<Signal, MessageName>> = {
  traces: 'TracesRequest',
  logs: 'LogsRequest',
}

/**
 * Turns a request into another encoding, field by field. In its own encoding it is returned as it is.
 *
 * @throws {Trace2Error} `T2_OTLP_INVALID` for a body that is no JSON at all, `T2_OTLP_TOO_MANY` for one that would
 *   take a multiple of its size in memory.
 * @example transcode('traces', body, 'json', 'protobuf').body
 */
export function transcode(
  signal: Signal,
  body: Uint8Array,
  from: OtlpEncoding,
  to: OtlpEncoding,
): Transcoded {
  if (from === to) return { body, lost: 0 }
  const tally = new Tally()
  const message = requests[signal]
  if (to === 'json') {
    const json = messageToJson(readerOf(body), message, tally)
    return { body: Buffer.from(JSON.stringify(json)), lost: tally.lost }
  }
  const writer = protobuf.Writer.create()
  messageToProtobuf(writer, parseJson(body), message, tally)
  return { body: writer.finish(), lost: tally.lost }
}
