import { isArray, parse, sliceText, stringify } from './intrinsics.ts'

/** The first line of a frame: what is asked or answered, and of which object. */
export type Head = readonly (string | number | boolean)[]

/** What one side asks or answers: a line that says what, and a message of the codec. */
export interface Frame {
  readonly head: readonly unknown[]
  readonly message: string
}

export function frameText(head: Head, message: string): string {
  let text = ''
  for (let index = 0; index < head.length; index++) text += `,${stringify(head[index])}`
  return `[${sliceText(text, 1)}]\n${message}`
}

export function readFrame(text: string): Frame {
  const end = text.indexOf('\n')
  const head: unknown = parse(end < 0 ? text : sliceText(text, 0, end))
  return { head: isArray(head) ? head : [], message: end < 0 ? '[]' : sliceText(text, end + 1) }
}
