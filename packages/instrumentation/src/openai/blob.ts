import { sha256 } from '@trace2/core'
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

/** An image, sound or file in words: `[image/png, 75 bytes]`, or its address or id. */
export function mediaText({ type, ...part }: Part): string | undefined {
  if (type === 'uri') return String(part.uri)
  if (type === 'file') return `[${part.modality}, ${part.file_id}]`
  return type === 'blob' ? bytesText(part.mime_type ?? part.modality, part.byte_count) : undefined
}

/** Bytes in words. */
export function bytesText(kind: unknown, count: unknown): string {
  return kind === undefined ? `[${count} bytes]` : `[${kind}, ${count} bytes]`
}

/** How many bytes a text in base 64 stands for. */
export function byteCount(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return Math.floor(((base64.length - padding) * 3) / 4)
}

function modalityOf(mimeType: string | undefined): string {
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
