import { type Fields, isObject, listOf, member, numberOf, textOf } from './json.ts'

interface PartialCall {
  /** Where the endpoint says that it is. */
  readonly index: number | undefined
  id: string | undefined
  name: string | undefined
  isCustom: boolean
  arguments: string
}

/**
 * Puts the calls of tools in a stream together. Pieces belong together by their index; some endpoints send whole calls
 * without one, or give all of them the same: there another id and a name begin another call.
 */
export class ToolCallAssembly {
  readonly #calls: PartialCall[] = []

  add(pieces: readonly unknown[]): void {
    for (const piece of listOf(pieces)) {
      if (!isObject(piece)) continue
      const custom = member(piece, 'custom')
      const what = custom ?? piece.function
      const call = this.#callOf(piece, textOf(member(what, 'name')))
      call.id ??= textOf(piece.id)
      call.name = textOf(member(what, 'name')) ?? call.name
      call.isCustom ||= isObject(custom)
      call.arguments += argumentsText(member(what, 'arguments') ?? member(what, 'input'))
    }
  }

  whole(): Fields[] {
    const placed = this.#calls.map((call, position) => ({ call, at: call.index ?? position }))
    placed.sort((a, b) => a.at - b.at)
    return placed.map(({ call: { id, name, isCustom, arguments: text } }) =>
      isCustom
        ? { id, type: 'custom', custom: { name, input: text } }
        : { id, type: 'function', function: { name, arguments: text } },
    )
  }

  #callOf(piece: Fields, name: string | undefined): PartialCall {
    const index = numberOf(piece.index)
    const id = textOf(piece.id)
    const before =
      index === undefined
        ? this.#calls.at(-1)
        : this.#calls.findLast((call) => call.index === index)
    const isOther = id !== undefined && before?.id !== undefined && before.id !== id
    const known = id === undefined ? undefined : this.#calls.find((call) => call.id === id)
    if (isOther && known) return known
    const begins =
      before === undefined ||
      (isOther && name !== undefined) ||
      (index === undefined && isWhole(id, name, before))
    if (!begins) return before
    const call = { index, id: undefined, name: undefined, isCustom: false, arguments: '' }
    this.#calls.push(call)
    return call
  }
}

/** Whether a piece without an index and an id begins a call: it has a name, and the one before has all it needs. */
function isWhole(id: string | undefined, name: string | undefined, before: PartialCall): boolean {
  return id === undefined && name !== undefined && before.arguments !== ''
}

function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value
  return isObject(value) ? JSON.stringify(value) : ''
}
