import { sha256 } from '../semconv/sha256.ts'
import type { Fields } from './json.ts'

/** A part of a message as the conventions for generative AI write it. */
export type Part = Fields & { readonly type: string }

const dataUrl = /^data:([\w.+-]+\/[\w.+*-]+)?((?:;[\w.+-]+=[^,;]*)*)(;base64)?,/i

/** Longest beginning of a data URL that comes before its bytes. */
const longestHead = 512

/**
 * What stands for bytes in a span: what they are and how many, never the bytes. The fingerprint tells them from other
 * bytes.
 */
export function blobPart(base64: string, modality: string, mimeType?: string | undefined): Part {
  return {
    type: 'blob',
    modality,
    ...(mimeType !== undefined && { mime_type: mimeType }),
    byte_count: byteCount(base64),
    fingerprint: fingerprint(base64),
  }
}

/** The blob that a data URL in base 64 is; `undefined` for any other text. */
export function dataUrlBlob(text: string, modality?: string): Part | undefined {
  if (!/^data:/i.test(text)) return undefined
  const head = dataUrl.exec(text.slice(0, longestHead))
  if (!head?.[3]) return undefined
  const [whole, mimeType] = head
  const kind = modality ?? modalityOf(mimeType)
  return blobPart(text.slice(whole.length), kind, mimeType?.toLowerCase())
}

/** What comes before bytes among the words of a text, and how many characters of base 64 after it are bytes for sure. */
const heads: readonly { readonly head: RegExp; readonly shortest: number }[] = [
  {
    head: /data:([\w.+-]{1,64}\/[\w.+-]{1,64})(?:;[\w.+-]{1,32}=[^,;\s]{0,64}){0,4};base64,/gi,
    shortest: 64,
  },
  // What a tool of the Model Context Protocol answered, as text.
  { head: /(?<="(?:data|blob|b64_json|file_data)"\s{0,4}:\s{0,4}")/g, shortest: 256 },
]

/** A text without the bytes among its words, as pages, Markdown and JSON have them: `[image/png, 75 bytes]` there. */
export function withoutBytes(text: string): string {
  if (text.length < 64) return text
  return heads.reduce((shown, { head, shortest }) => withoutBytesAfter(shown, head, shortest), text)
}

/** More than a span keeps of a text: what comes after it is not looked at. */
const mostShown = 1_048_576

function withoutBytesAfter(text: string, head: RegExp, shortest: number): string {
  let shown = ''
  let rest = text
  while (shown.length < mostShown) {
    let from = 0
    for (const { index, 0: beginning, 1: mimeType } of rest.slice(0, mostShown).matchAll(head)) {
      const start = index + beginning.length
      const notBase64 = /[^\w+/=-]/g
      notBase64.lastIndex = start
      const stop = notBase64.exec(rest)?.index ?? rest.length
      if (stop - start < shortest) continue
      const bytes = byteCount(rest.slice(start, stop))
      shown += rest.slice(from, index) + bytesText(mimeType, bytes)
      from = stop
    }
    if (from === 0) break
    rest = rest.slice(from)
  }
  return shown + rest
}

/** An image, sound or file in words: `[image/png, 75 bytes]`, or its address or id. */
export function mediaText({ type, ...part }: Part): string | undefined {
  if (type === 'uri') return String(part.uri)
  if (type === 'file') return `[${part.modality}, ${part.file_id}]`
  return type === 'blob' ? bytesText(part.mime_type ?? part.modality, part.byte_count) : undefined
}

function bytesText(kind: unknown, count: unknown): string {
  return kind === undefined ? `[${count} bytes]` : `[${kind}, ${count} bytes]`
}

/** How many bytes a text in base 64 stands for. */
export function byteCount(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return Math.floor(((base64.length - padding) * 3) / 4)
}

export function modalityOf(mimeType: string | undefined): string {
  const [kind = ''] = (mimeType ?? '').toLowerCase().split('/')
  return ['image', 'audio', 'video'].includes(kind) ? kind : 'document'
}

const samples = 16
const sampleLength = 1_024

/** Made of the length and of samples, so that it costs the same for three megabytes as for thirty. */
function fingerprint(base64: string): string {
  const { length } = base64
  if (length <= samples * sampleLength) return sha256(base64).slice(0, 16)
  const step = (length - sampleLength) / (samples - 1)
  const pieces = Array.from({ length: samples }, (_piece, index) => {
    const at = Math.floor(index * step)
    return base64.slice(at, at + sampleLength)
  })
  return sha256(`${length}:${pieces.join('')}`).slice(0, 16)
}
