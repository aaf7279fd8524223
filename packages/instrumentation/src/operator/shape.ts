import { isCompilerHelper, readFacts } from '@trace2/source'
import { parseSignature } from './signature.ts'

/** How a function is called, and what kind of result its callers get. */
export interface Shape {
  readonly names: readonly string[]
  /** The arguments as they are written, without types and defaults. */
  readonly written: readonly string[]
  readonly kind: 'plain' | 'async' | 'generator' | 'async generator'
  /** Whether a compiler rewrote it for an older language, so that nothing says what kind it was. */
  readonly isLowered: boolean
}

export function shapeOf(source: string): Shape {
  const declared = parseSignature(source.trim())?.declared ?? []
  const facts = readFacts(source)
  const node = 'fault' in facts ? undefined : facts.parsed.node
  const isFunction = node !== undefined && node.type !== 'ClassExpression'
  const words = [isFunction && node.async && 'async', isFunction && node.generator && 'generator']
  const kind = words.filter((word) => word !== false).join(' ')
  return {
    names: declared.map(({ name }, index) => name ?? `arg${index}`),
    written: declared.map(({ name, form }, index) => {
      const plain = name ?? `arg${index}`
      return { plain, rest: `...${plain}`, object: `{ ${plain} }`, array: `[${plain}]` }[form]
    }),
    kind: kinds.find((each) => each === kind) ?? 'plain',
    isLowered: !('fault' in facts) && [...facts.free].some(isCompilerHelper),
  }
}

const kinds = ['plain', 'async', 'generator', 'async generator'] as const

const results: Readonly<Record<Shape['kind'], string>> = {
  plain: 'its callers take the result itself: leave out async and *',
  async: 'its callers await a promise: write it with async',
  generator: 'its callers iterate over the result: write it with *',
  'async generator': 'its callers iterate over the result with await: write it with async and *',
}

/** Says what the callers of a function would notice of another source. Defaults are the function's own business. */
export function findShapeFault(proposed: Shape, shape: Shape): string | undefined {
  const list = ({ names, written }: Shape, plain: boolean) => (plain ? names : written).join(', ')
  const sameNames = list(proposed, true) === list(shape, true)
  if (!sameNames || list(proposed, false) !== list(shape, false)) {
    return `the arguments must be (${list(shape, !sameNames)}), not (${list(proposed, !sameNames)})`
  }
  if (proposed.kind === shape.kind || shape.isLowered) return undefined
  // It may return a promise, which source does not show.
  if (shape.kind === 'async' && proposed.kind === 'plain') return undefined
  return `the function is ${shape.kind}, not ${proposed.kind}, and ${results[shape.kind]}`
}
