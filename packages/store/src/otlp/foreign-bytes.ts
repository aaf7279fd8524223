const [NEWLINE, TAB, RETURN, BLANK, BRACE] = [0x0a, 0x09, 0x0d, 0x20, 0x7b]
const whitespace: ReadonlySet<number> = new Set([NEWLINE, TAB, RETURN, BLANK])

const LOOKED_AT = 2048
const GRPC_HEADER = 5

/** Forms of bytes, told by how they begin. */
const forms: readonly [what: string, fits: (bytes: Buffer, text: string) => boolean][] = [
  ['gzip, which the header Content-Encoding has to announce', isGzip],
  ['zstd, which is not supported: send it with gzip or plain', startsWith(0x28, 0xb5, 0x2f, 0xfd)],
  ['UTF-16: send UTF-8', (bytes) => startsWith(0xff, 0xfe)(bytes) || startsWith(0xfe, 0xff)(bytes)],
  ['a message of gRPC: send OTLP over HTTP', isGrpc],
  [
    'an envelope of Sentry',
    (_, text) => /^\s*\{"?(?=[^\n]*"(?:dsn|sent_at|event_id)")[^\n]*\}\n\{/.test(text),
  ],
  [
    'several JSON texts: send each by itself, or use `trace2 import`',
    (_, text) => /^\s*\{[^\n]*\}\r?\n\s*\{/.test(text),
  ],
  ['HTML', (_, text) => /^\s*<(?:!doctype|html)/i.test(text)],
  ['a form of a web page', (_, text) => /^[\w.%+-]+=[^\s{]*$/.test(text)],
  ['JSON: send it with Content-Type: application/json', (_, text) => /^\s*[{[]/.test(text)],
  ['MessagePack, which Datadog sends', (bytes) => isMessagePack(bytes[0] ?? 0)],
  ['protobuf: send it with Content-Type: application/x-protobuf', isProtobufLike],
]

/** What bytes look like that cannot be read, as the end of a sentence; empty where they look like nothing that is known. */
export function lookOfBytes(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const text = bytes.toString('utf8', 0, LOOKED_AT)
  const form = forms.find(([, fits]) => fits(bytes, text))
  return form ? `; it looks like ${form[0]}` : ''
}

/** Whether bytes are packed by gzip: OTLP begins so in neither encoding. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Whether bytes begin as JSON does, and no OTLP in protobuf. */
export function isJsonLike(bytes: Uint8Array): boolean {
  return bytes[0] === BRACE || isMarked(bytes)
}

const isMarked = startsWith(0xef, 0xbb, 0xbf)

/** Whether bytes are protobuf in all likelihood: they begin with the first field and its length, as no JSON does. */
export function isProtobufLike(bytes: Uint8Array): boolean {
  const second = bytes[1]
  return bytes[0] === NEWLINE && second !== undefined && second !== BRACE && !whitespace.has(second)
}

function startsWith(...wanted: readonly number[]): (bytes: Uint8Array) => boolean {
  return (bytes) => wanted.every((byte, index) => bytes[index] === byte)
}

/** Whether it is compressed, the length of the message, and the message. */
function isGrpc(bytes: Buffer): boolean {
  return (
    bytes.byteLength >= GRPC_HEADER &&
    (bytes[0] ?? 2) < 2 &&
    bytes.readUInt32BE(1) === bytes.byteLength - GRPC_HEADER
  )
}

/** A map or a list. */
function isMessagePack(first: number): boolean {
  return (first >= 0x80 && first < 0xa0) || (first >= 0xdc && first < 0xe0)
}
