import { linesOf } from './lines.ts'
import { peek } from './peek.ts'

/** One OTLP request of a file and where it stands, or why there is none there. */
export type FileRequest =
  | { readonly place: string; readonly body: Uint8Array; readonly encoding: 'json' | 'protobuf' }
  | { readonly place: string; readonly fault: string }

/** No exporter writes a request of this size; past it a file is not what it seems to be. */
const longestRequest = 256 * 1024 * 1024
const tooLong = 'longer than 256 MiB'

/** Field 1 of ExportTraceServiceRequest. A length prefix begins with 0 for less than 16 MiB, with 1 to 15 above. */
const firstFieldTag = 0x0a
const jsonBeginnings: ReadonlySet<number | undefined> = new Set(
  Array.from('{[ \t\r', (character) => character.charCodeAt(0)),
)

/**
 * The OTLP requests in a file. As the OpenTelemetry Collector's file exporter writes them (its README, "File
 * Format"): JSON lines, or protobuf with a length of four bytes before each request. Also one JSON document over
 * several lines, and one bare protobuf request. Which it is, the first byte tells.
 */
export async function* requestsIn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileRequest> {
  const { start, all } = await peek(chunks)
  if (start.byteLength === 0) return
  if (jsonBeginnings.has(start[0])) yield* jsonRequests(all)
  else if (start[0] === firstFieldTag) yield* bareRequest(all)
  else yield* prefixedRequests(all)
}

async function* jsonRequests(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileRequest> {
  const document: Uint8Array[] = []
  let length = 0
  for await (const { number, bytes } of linesOf(chunks, longestRequest)) {
    const place = `line ${number}`
    if (bytes === undefined) {
      yield { place, fault: tooLong }
      continue
    }
    const isDocument = document.length > 0 || (number === 1 && !/\}\s*$/.test(lastOf(bytes)))
    if (!isDocument) {
      yield { place, body: bytes, encoding: 'json' }
      continue
    }
    length += bytes.byteLength
    if (length > longestRequest) {
      yield { place: 'the file', fault: tooLong }
      return
    }
    document.push(bytes)
  }
  if (document.length > 0) {
    yield { place: 'the file', body: Buffer.concat(document), encoding: 'json' }
  }
}

/** The last few characters of a line: enough to see whether it ends as an object does. */
function lastOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(-16)).toString('latin1')
}

async function* bareRequest(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileRequest> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.byteLength
    if (length > longestRequest) {
      yield { place: 'the file', fault: tooLong }
      return
    }
    parts.push(chunk)
  }
  yield { place: 'the file', body: Buffer.concat(parts), encoding: 'protobuf' }
}

const prefixBytes = 4

async function* prefixedRequests(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileRequest> {
  let pending = Buffer.alloc(0)
  let number = 1
  for await (const chunk of chunks) {
    pending = Buffer.concat([pending, chunk])
    while (pending.byteLength >= prefixBytes) {
      const end = prefixBytes + pending.readUInt32BE(0)
      if (end > longestRequest) {
        yield { place: `message ${number}`, fault: 'neither JSON nor length-prefixed protobuf' }
        return
      }
      if (pending.byteLength < end) break
      yield {
        place: `message ${number}`,
        body: pending.subarray(prefixBytes, end),
        encoding: 'protobuf',
      }
      pending = pending.subarray(end)
      number++
    }
  }
  if (pending.byteLength > 0) yield { place: `message ${number}`, fault: 'cut off' }
}
