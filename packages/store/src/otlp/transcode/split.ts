import protobuf from 'protobufjs/minimal.js'
import { type OtlpEncoding, parseJson, type Signal } from '../decode.ts'
import { items, member, nameOf, objectOf } from '../json-values.ts'
import { eachField, LENGTH_DELIMITED, readerOf } from '../protobuf-reader.ts'

/** Where a request's records are: lists within lists. */
const paths: Readonly<Record<Signal, readonly string[]>> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
}
/** Numbers of the same fields, which traces and logs share. */
const numbers = [1, 2, 2]

/**
 * Splits a request into two, each with about half of the records. Nothing else is changed, not even fields that OTLP
 * does not define.
 *
 * @returns `undefined` if the request has only one record.
 */
export function splitRequest(
  signal: Signal,
  encoding: OtlpEncoding,
  body: Uint8Array,
): readonly [Uint8Array, Uint8Array] | undefined {
  if (encoding === 'protobuf') return splitMessage(body, numbers)
  const halves = splitObject(parseJson(body), paths[signal])
  return halves && [jsonBytes(halves[0]), jsonBytes(halves[1])]
}

function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

function splitObject(
  value: unknown,
  [name, ...inner]: readonly string[],
): readonly [unknown, unknown] | undefined {
  if (name === undefined) return undefined
  const list = items(member(value, name))
  const [only] = list
  const inside = list.length === 1 ? splitObject(only, inner) : undefined
  const halves = inside
    ? [[inside[0]], [inside[1]]]
    : [list.slice(0, list.length >> 1), list.slice(list.length >> 1)]
  if (!inside && list.length < 2) return undefined
  const key = nameOf(value, name)
  return [
    { ...objectOf(value), [key]: halves[0] },
    { ...objectOf(value), [key]: halves[1] },
  ]
}

function splitMessage(
  bytes: Uint8Array,
  [number, ...inner]: readonly number[],
): readonly [Uint8Array, Uint8Array] | undefined {
  if (number === undefined) return undefined
  const others: Uint8Array[] = []
  const members: Uint8Array[] = []
  const reader = readerOf(bytes)
  let start = 0
  eachField(reader, (field, wire) => {
    reader.skipType(wire)
    const whole = bytes.subarray(start, reader.pos)
    start = reader.pos
    if (field === number && wire === LENGTH_DELIMITED) members.push(whole)
    else others.push(whole)
    return true
  })
  const [only] = members
  if (members.length === 1 && only) {
    const inside = splitMessage(contentOf(only), inner)
    return (
      inside && [
        joined(others, [embed(number, inside[0])]),
        joined(others, [embed(number, inside[1])]),
      ]
    )
  }
  if (members.length < 2) return undefined
  const half = members.length >> 1
  return [joined(others, members.slice(0, half)), joined(others, members.slice(half))]
}

function contentOf(field: Uint8Array): Uint8Array {
  const reader = readerOf(field)
  reader.uint32()
  return reader.bytes()
}

function embed(number: number, message: Uint8Array): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | LENGTH_DELIMITED)
    .bytes(message)
    .finish()
}

function joined(others: readonly Uint8Array[], members: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([...others, ...members])
}
