import fc from 'fast-check'

/** Changes some bytes of a request into others. */
export type Mutation = (bytes: Buffer, others: readonly Buffer[]) => Buffer

/** Where in the bytes, as a share of them, so that it means something for bytes of any length. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const at = (bytes: Buffer, share: number) => Math.floor(share * bytes.byteLength)

const telling = [
  '"',
  '\\',
  '{',
  '[',
  ']',
  '}',
  ',',
  ':',
  '\0',
  '-',
  '1e999',
  'null',
  '\\ud800',
  '__proto__',
]
const pieces = fc.oneof(
  fc.constantFrom(...telling).map((text) => Buffer.from(text)),
  // Lengths and numbers at the edges of what a varint can say, and wire types that end or begin groups.
  fc.constantFrom(
    Buffer.of(0xff, 0xff, 0xff, 0xff, 0x0f),
    Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
    Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80),
    Buffer.of(0x0b),
    Buffer.of(0x0c),
    Buffer.of(0x0a, 0x00),
    Buffer.of(0x00),
    Buffer.of(0xed, 0xa0, 0x80),
  ),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
)

const splice = (bytes: Buffer, from: number, to: number, piece: Buffer) =>
  Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)])

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(
    ([share, bit]): Mutation =>
      (bytes) => {
        const i = at(bytes, share)
        return splice(bytes, i, i + 1, Buffer.of((bytes[i] ?? 0) ^ (1 << bit)))
      },
  ),
  fc.tuple(place, pieces).map(
    ([share, piece]): Mutation =>
      (bytes) => {
        const i = at(bytes, share)
        return splice(bytes, i, i, piece)
      },
  ),
  fc.tuple(place, pieces).map(
    ([share, piece]): Mutation =>
      (bytes) => {
        const i = at(bytes, share)
        return splice(bytes, i, i + piece.byteLength, piece)
      },
  ),
  fc.tuple(place, fc.nat(40)).map(
    ([share, length]): Mutation =>
      (bytes) => {
        const i = at(bytes, share)
        return splice(bytes, i, i + length, Buffer.alloc(0))
      },
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 300 })).map(
    ([share, length, times]): Mutation =>
      (bytes) => {
        const i = at(bytes, share)
        const piece = bytes.subarray(i, i + length)
        return splice(bytes, i, i, Buffer.concat(Array.from({ length: times }, () => piece)))
      },
  ),
  place.map(
    (share): Mutation =>
      (bytes) =>
        bytes.subarray(0, at(bytes, share)),
  ),
  fc.tuple(place, place, fc.nat()).map(
    ([share, from, which]): Mutation =>
      (bytes, others) => {
        const other = others[which % others.length] ?? bytes
        const i = at(bytes, share)
        const j = at(other, from)
        return splice(bytes, i, i, other.subarray(j, j + 64))
      },
  ),
)

export const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 })

/** Any JSON value, and those that mean something to JavaScript. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(
    { length: 8e8 },
    { toString: 1, valueOf: null },
    JSON.parse('{"__proto__":{"traceId":"a"}}'),
    { arrayValue: { values: { length: 3 } } },
    { kvlistValue: { values: [null, 1, 'x', { key: 1 }, { key: '__proto__' }] } },
    { intValue: '-9223372036854775809' },
    { intValue: '1e3' },
    { doubleValue: {} },
    { bytesValue: '!!not base64!!' },
    { stringValue: { a: 1 } },
    -0,
    1e308,
    '\ud800',
    '\0',
  ),
)
