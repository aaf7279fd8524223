import { blobPart, dataUrlBlob } from './blob.ts'
import { withoutBytes } from './bytes-in-text.ts'
import { isObject, member, textOf } from './json.ts'
import { mediaPart } from './media.ts'

const deepest = 12
const mostNodes = 10_000

/** Members that have bytes in base 64 wherever they occur. */
const byteMembers = new Set(['b64_json', 'encrypted_content', 'file_data', 'partial_image_b64'])
/** Members that have bytes, or something else. */
const mixedMembers = new Set(['data', 'result'])
const base64 = /^[\w+/=-]{256}/

/**
 * A value of the API without bytes: a data URL, or a part that holds an image, audio or a file, is the blob that stands
 * for it. A value without any is itself. Reads no more than a bounded number of members.
 */
export function legible(value: unknown): unknown {
  return copy(value, { left: mostNodes, isCut: false }, 0)
}

/** As {@link legible}; `undefined` where members were left out. */
export function wholeLegible(value: unknown): unknown {
  const budget = { left: mostNodes, isCut: false }
  const whole = copy(value, budget, 0)
  return budget.isCut ? undefined : whole
}

interface CopyBudget {
  left: number
  /** Whether anything was left out. */
  isCut: boolean
}

function copy(value: unknown, budget: CopyBudget, depth: number): unknown {
  if (typeof value === 'string') return legibleText(value)
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `[${value.byteLength} bytes]`
  if (depth === deepest || budget.left <= 0) {
    budget.isCut = true
    return '…'
  }
  if (Array.isArray(value)) return copyList(value, budget, depth)
  const media = isObject(value) && mediaPart(value)
  if (media) return media
  if (typeof member(value, 'toJSON') === 'function') return value
  const entries: [string, unknown][] = []
  for (const key of Object.keys(value)) {
    if (budget.left-- <= 0) {
      budget.isCut = true
      break
    }
    const inside: unknown = member(value, key)
    entries.push([key, bytesIn(key, inside) ?? copy(inside, budget, depth + 1)])
  }
  return Object.fromEntries(entries)
}

/** A text that goes on after the bytes is a text. */
function legibleText(text: string): unknown {
  const isDataUrl = /^data:/i.test(text) && !/[^\w+/=\r\n-]/.test(text.slice(text.indexOf(',') + 1))
  return (isDataUrl && dataUrlBlob(text)) || withoutBytes(text)
}

function copyList(list: readonly unknown[], budget: CopyBudget, depth: number): unknown {
  const items: unknown[] = []
  for (const item of list) {
    if (budget.left-- <= 0) {
      budget.isCut = true
      items.push('…')
      break
    }
    items.push(copy(item, budget, depth + 1))
  }
  return items
}

function bytesIn(key: string, value: unknown): unknown {
  const text = textOf(value)
  if (text === undefined) return undefined
  const isBytes = byteMembers.has(key) || (mixedMembers.has(key) && base64.test(text))
  return isBytes ? (dataUrlBlob(text) ?? blobPart(text, 'document')) : undefined
}
