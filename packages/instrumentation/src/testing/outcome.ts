import { inspect } from 'node:util'

type AnyFunction = (...args: never[]) => unknown
/** A function as people write them, with what it needs and is called with. */
export interface Form {
  readonly fn: AnyFunction
  readonly uses?: Readonly<Record<string, unknown>>
  readonly args?: () => readonly unknown[]
  readonly self?: () => unknown
}

/** What a caller sees of a call: the result or what was thrown, and its arguments afterwards. */
export async function outcome(
  fn: AnyFunction,
  { args = () => ['a'], self }: Form,
): Promise<string> {
  const given = args()
  const receiver = self?.()
  const shown = async (): Promise<unknown> => {
    const result: unknown = await Reflect.apply(fn, receiver, given)
    if (!isGenerator(result)) return { result }
    const steps: unknown[] = []
    for (let index = 0; index < 10; index++) steps.push(await result.next(`sent ${index}`))
    return { steps, tag: Object.prototype.toString.call(result) }
  }
  const seen = await shown().catch((error: unknown) => ({
    thrown: error,
    isRange: error instanceof RangeError,
    constructor: error instanceof Error ? error.constructor : undefined,
    own:
      error instanceof Error
        ? { ...error, message: error.message, cause: String(error.cause) }
        : error,
  }))
  if ('thrown' in (seen as object)) Reflect.deleteProperty(seen as object, 'thrown')
  return inspect([seen, given, receiver], { depth: 9, showHidden: false })
}

function isGenerator(value: unknown): value is { next(sent: unknown): unknown } {
  return typeof value === 'object' && value !== null && 'next' in value
}
