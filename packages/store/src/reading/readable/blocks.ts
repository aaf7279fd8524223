import type { Json } from '@trace2/core'
import type { Message } from '../messages.ts'
import { roleNamed } from '../wrapped-message.ts'
import { UnpackedMessage, unpacked } from './unpack.ts'

/** A piece of a value as a person reads it. */
export interface Block {
  /** Whose words they are, or the member that has them; empty for what needs no name. */
  readonly label: string
  readonly text: string
}

/** Members that are as short stand together as JSON. */
const SHORT = 80

/**
 * A value that a framework recorded, as a person would read it: messages as `role: text`, calls of tools as `name(arguments)`,
 * the members of a state one by one, and none of the packaging around them. What is not packed is its text or its JSON.
 */
export function readableBlocks(value: Json): readonly Block[] {
  const { value: found, packed } = unpacked(value)
  if (!packed && !hasLongText(found)) return [{ label: '', text: shown(value) }]
  const blocks = distinct(blocksOf(found, ''))
  return blocks.length > 0 ? blocks : [{ label: '', text: '' }]
}

/** The blocks of {@link readableBlocks}, one below the other. */
export function readableText(value: Json): string {
  return readableBlocks(value).map(blockText).join('\n')
}

/** {@link readableText} of a value that a framework has packed; the text or the JSON of any other. */
export function textWithoutPackaging(value: Json): string {
  return unpacked(value).packed ? readableText(value) : shown(value)
}

export function blockText({ label, text }: Block): string {
  return label === '' ? text : `${label}: ${text}`
}

/** What an object holds under several names is read once. What was said twice was said twice. */
function distinct(blocks: readonly Block[]): Block[] {
  const seen = new Set<string>()
  return blocks.filter(({ label, text }) => {
    if (text.length < SHORT) return true
    const again = seen.has(text)
    seen.add(text)
    return !again || roleNamed(label) !== undefined
  })
}

function hasLongText(value: unknown): boolean {
  return (
    isRecord(value) &&
    Object.values(value).some((member) => typeof member === 'string' && member.length >= SHORT)
  )
}

function blocksOf(value: unknown, label: string): Block[] {
  if (value instanceof UnpackedMessage) return blocksOfMessage(value.message)
  if (typeof value === 'string') return [{ label, text: value }]
  if (!holdsMore(value)) {
    const some = withoutEmpty(value)
    return isEmpty(some) ? [] : [{ label, text: shown(some) }]
  }
  if (Array.isArray(value)) return value.flatMap((item) => blocksOf(item, label))
  const blocks: Block[] = []
  const short: [string, unknown][] = []
  for (const [name, member] of Object.entries(Object(value))) {
    const inner = label === '' ? name : `${label}.${name}`
    if (holdsMore(member) || (typeof member === 'string' && member.length >= SHORT)) {
      blocks.push(...blocksOf(member, inner))
    } else short.push([name, member])
  }
  const rest = withoutEmpty(Object.fromEntries(short))
  return isEmpty(rest) ? blocks : [{ label, text: shown(rest) }, ...blocks]
}

/** Whether there are messages or long texts in it, which are shown one by one. */
function holdsMore(value: unknown): boolean {
  if (value instanceof UnpackedMessage) return true
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(
    (member) => (typeof member === 'string' && member.length >= SHORT) || holdsMore(member),
  )
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (!isRecord(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, withoutEmpty(member)])
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)))
}

/** What has no value is not in a state yet. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function blocksOfMessage({ role, content, reasoning, tool_calls: calls }: Message): Block[] {
  const blocks: Block[] = []
  if (reasoning !== undefined) blocks.push({ label: `${role} thinks`, text: reasoning })
  // That a tool has answered nothing is an answer.
  if (content === '' && role === 'tool') blocks.push({ label: role, text: '""' })
  else if (content !== undefined && content !== '') {
    blocks.push({ label: role, text: shown(content) })
  }
  for (const { name, arguments: given } of calls ?? []) {
    blocks.push({ label: role, text: `${name}(${shown(given)})` })
  }
  return blocks
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
