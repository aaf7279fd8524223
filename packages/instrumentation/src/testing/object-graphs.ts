import fc from 'fast-check'

/** How to make one object, with children by their number: cycles and shared parts come of themselves. */
interface Part {
  readonly kind: string
  readonly keys: readonly string[]
  readonly children: readonly (number | { readonly value: unknown })[]
  readonly closed: boolean
}

export interface GraphRecipe {
  readonly parts: readonly Part[]
  readonly roots: readonly (number | { readonly value: unknown })[]
}

const kinds = ['object', 'bare', 'array', 'holes', 'map', 'set', 'date', 'regexp', 'bytes', 'data']
const others = ['error', 'range', 'boxed', 'callback', 'buffer', 'longs', 'symbols', 'cause']

const primitive = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    Number.NaN,
    Infinity,
    -Infinity,
    -0,
    0,
    '',
    '__proto__',
    '\ud800\0',
  ),
  fc.constantFrom<unknown>(
    Symbol.iterator,
    Symbol.for('shared'),
    -5n,
    2n ** 90n,
    'constructor',
    'then',
  ),
  fc.integer(),
  fc.double(),
  fc.string({ unit: 'binary' }),
)

/** Recipes for a few values of every kind that crosses the border, that know one another. */
export function graphRecipe(): fc.Arbitrary<GraphRecipe> {
  return fc.integer({ min: 1, max: 8 }).chain((size) => {
    const child = fc.oneof(
      fc.nat(size - 1),
      primitive.map((value) => ({ value })),
    )
    return fc.record({
      parts: fc.array(
        fc.record({
          kind: fc.constantFrom(...kinds, ...others),
          keys: fc.array(
            fc.oneof(
              fc.string(),
              fc.constantFrom('a', '0', '__proto__', 'length', 'toJSON', 'name'),
            ),
            {
              minLength: 3,
              maxLength: 3,
            },
          ),
          children: fc.array(child, { minLength: 0, maxLength: 3 }),
          closed: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
        }),
        { minLength: size, maxLength: size },
      ),
      roots: fc.array(child, { minLength: 1, maxLength: 3 }),
    })
  })
}

/** Makes the values of a recipe, anew each time. */
export function buildGraph({ parts, roots }: GraphRecipe): unknown[] {
  const made = parts.map(({ kind }) => shell(kind))
  const childOf = (child: number | { readonly value: unknown }): unknown =>
    typeof child === 'number' ? made[child] : child.value
  for (const [index, part] of parts.entries()) {
    const target = made[index]
    if (typeof target !== 'object' || target === null) continue
    fill(target, part, part.children.map(childOf))
    if (part.closed && !ArrayBuffer.isView(target)) Object.freeze(target)
  }
  return roots.map(childOf)
}

function shell(kind: string): unknown {
  const bytes = Uint8Array.from([1, 2, 200, 255])
  switch (kind) {
    case 'bare':
      return Object.create(null)
    case 'array':
    case 'holes':
      return []
    case 'map':
      return new Map()
    case 'set':
      return new Set()
    case 'date':
      return new Date(86_400_000)
    case 'regexp':
      return /a(?<n>b)/giu
    case 'bytes':
      return bytes
    case 'buffer':
      return bytes.buffer
    case 'data':
      return new DataView(bytes.buffer, 1, 2)
    case 'longs':
      return BigInt64Array.of(-1n, 5n)
    case 'error':
      return new Error('plain')
    case 'cause':
      return new TypeError('with a cause', { cause: new Error('inner') })
    case 'range':
      return new RangeError('far')
    case 'boxed':
      return Object('text')
    case 'callback':
      return (list: unknown[]) => list.push('called')
    default:
      return {}
  }
}

function fill(target: object, { kind, keys }: Part, children: readonly unknown[]): void {
  if (target instanceof Map) {
    children.forEach((child, index) => {
      target.set(index % 2 === 0 ? child : keys[index], child)
    })
  } else if (target instanceof Set) {
    for (const child of children) target.add(child)
  } else if (Array.isArray(target)) {
    target.push(...children)
    if (kind === 'holes') target.length += 2
  } else if (kind === 'object' || kind === 'bare' || kind === 'error') {
    children.forEach((value, index) => {
      if (kind !== 'error' || keys[index] !== 'name') define(target, keys[index] ?? '', value)
    })
  } else if (kind === 'symbols') {
    children.forEach((value) => {
      define(target, Symbol.for('shared'), value)
    })
  }
}

function define(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}
