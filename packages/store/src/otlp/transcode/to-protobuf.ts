import type protobuf from 'protobufjs/minimal.js'
import { hexOfUnusual } from '../ids.ts'
import { timeOf } from '../json-times.ts'
import { objectOf, otherNames } from '../json-values.ts'
import { LENGTH_DELIMITED } from '../protobuf-reader.ts'
import {
  type Field,
  isMessage,
  MAX_MESSAGES,
  type MessageName,
  messages,
  type Scalar,
  wireTypes,
} from './schema.ts'
import type { Tally } from './tally.ts'

type Writer = InstanceType<typeof protobuf.Writer>

const fieldsByName = new Map(
  Object.entries(messages).map(([name, fields]) => [
    name,
    new Map(
      fields.flatMap((field): (readonly [string, Field])[] => [
        [field.name, field],
        ...otherNames(field.name).map((name) => [name, field] as const),
      ]),
    ),
  ]),
)

/** Writes OTLP JSON as protobuf: every member that the schema knows and that means something there. */
export function messageToProtobuf(
  writer: Writer,
  json: unknown,
  message: MessageName,
  tally: Tally,
  depth = 0,
): void {
  const object = objectOf(json)
  if (!object || depth > MAX_MESSAGES) {
    tally.lost++
    return
  }
  const fields = fieldsByName.get(message)
  for (const [name, value] of Object.entries(object)) {
    const field = fields?.get(name)
    if (!field) tally.lost++
    // The stock JavaScript exporter writes null for the doubles that JSON lacks.
    else if (value === null && field.type === 'double') double(writer, field.number, Number.NaN)
    else if (value === null) continue
    else if (!field.repeated) writeField(writer, field, value, tally, depth)
    else if (!Array.isArray(value)) tally.lost++
    else for (const item of value) writeField(writer, field, item, tally, depth)
  }
}

function writeField(
  writer: Writer,
  { number, type, names }: Field,
  value: unknown,
  tally: Tally,
  depth: number,
): void {
  if (isMessage(type)) {
    tag(writer, number, LENGTH_DELIMITED).fork()
    messageToProtobuf(writer, value, type, tally, depth + 1)
    writer.ldelim()
  } else if (!writeScalar(writer, number, type, value, names)) tally.lost++
}

/** `false` where the value is none of that type. */
function writeScalar(
  writer: Writer,
  number: number,
  type: Scalar,
  value: unknown,
  names: readonly string[],
): boolean {
  const write = () => tag(writer, number, wireTypes[type])
  switch (type) {
    case 'text':
      if (typeof value !== 'string') return false
      write().string(value.toWellFormed())
      return true
    case 'bool':
      if (typeof value !== 'boolean' && value !== 'true' && value !== 'false') return false
      write().bool(value === true || value === 'true')
      return true
    case 'bytes':
      if (typeof value !== 'string') return false
      write().bytes(Buffer.from(value, 'base64'))
      return true
    case 'id':
      return writeId(write, value)
    case 'double': {
      const float = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      if (typeof float !== 'number') return false
      double(writer, number, float)
      return true
    }
    case 'int64': {
      const whole = wholeNumber(value)
      if (whole === undefined) return false
      // 1e21 of the stock JavaScript exporter: a double that was written as an integer.
      if (BigInt.asIntN(64, whole) !== whole) double(writer, DOUBLE_VALUE, Number(whole))
      else write().int64(whole.toString())
      return true
    }
    default:
      return writeUnsigned(writer, number, type, enumerated(value, names))
  }
}

function writeId(write: () => Writer, value: unknown): boolean {
  if (typeof value !== 'string') return false
  const hex = hexOfUnusual(value, 16) ?? hexOfUnusual(value, 8) ?? value
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) return false
  write().bytes(Buffer.from(hex, 'hex'))
  return true
}

function writeUnsigned(
  writer: Writer,
  number: number,
  type: 'uint32' | 'enum' | 'fixed32' | 'fixed64',
  value: unknown,
): boolean {
  // All 64-bit numbers of this kind are times. A number goes on as it was sent.
  const bits = type === 'fixed64' ? 64 : 32
  const whole = wholeNumber(value) ?? (bits === 64 ? timeOf(value) : undefined)
  if (whole === undefined || BigInt.asUintN(bits, whole) !== whole) return false
  const tagged = tag(writer, number, wireTypes[type])
  if (type === 'fixed64') {
    // Two halves, because the writer's own 64-bit numbers are exact to 53 bits only.
    tagged.fixed32(Number(whole & 0xffff_ffffn)).fixed32(Number(whole >> 32n))
  } else if (type === 'fixed32') tagged.fixed32(Number(whole))
  else tagged.uint32(Number(whole))
  return true
}

/** Field of AnyValue that holds a double; integers of 64 bits are in no other message. */
const DOUBLE_VALUE = 4

function double(writer: Writer, number: number, value: number): void {
  tag(writer, number, wireTypes.double).double(value)
}

/** `SPAN_KIND_SERVER` as 2; what is no name stays as it is. */
function enumerated(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'string') return value
  const at = names.indexOf(value.slice(value.lastIndexOf('_') + 1).toUpperCase())
  return at < 0 ? value : at
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  return typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value) ? BigInt(value) : undefined
}

function tag(writer: Writer, number: number, wire: number): Writer {
  return writer.uint32((number << 3) | wire)
}
