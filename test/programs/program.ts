import fc from 'fast-check'

/**
 * A random agent: operators that use each other's results in every way a program can, sync and async, in parallel
 * and nested. Indices count back from the step that uses them, modulo what is there.
 */
export interface Program {
  readonly parameters: readonly (string | number)[]
  readonly steps: readonly Step[]
}

export interface Step {
  readonly inputs: readonly Source[]
  readonly async: boolean
  /** Called through `.node(…)`, so that consumers can be given a handle. */
  readonly handle: boolean
  /** Operators called inside this one; only an async step has any. */
  readonly inner: readonly Step[]
  /** Hands out the result of its last inner operator instead of a fresh value. */
  readonly returnsInner: boolean
}

export type Source =
  | { readonly from: 'step'; readonly back: number; readonly style: Style }
  | { readonly from: 'parameter'; readonly index: number }
  | { readonly from: 'outside'; readonly value: 'object' | 'text' | 'true' | 'zero' | 'empty' }

/** How a result reaches its consumer. */
export type Style =
  | 'handle'
  | 'whole'
  | 'part'
  | 'element'
  | 'text'
  | 'template'
  | 'template with parameter'

const source: fc.Arbitrary<Source> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      from: fc.constant('step' as const),
      back: fc.nat(5),
      style: fc.constantFrom<Style>(
        'handle',
        'whole',
        'part',
        'element',
        'text',
        'template',
        'template with parameter',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ from: fc.constant('parameter' as const), index: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      from: fc.constant('outside' as const),
      value: fc.constantFrom('object' as const, 'text', 'true', 'zero', 'empty'),
    }),
  },
)

const stepOfDepth = (depth: number): fc.Arbitrary<Step> =>
  fc
    .record({
      inputs: fc.array(source, { maxLength: 3 }),
      async: fc.boolean(),
      handle: fc.boolean(),
      inner: depth === 0 ? fc.constant([]) : fc.array(stepOfDepth(depth - 1), { maxLength: 3 }),
      returnsInner: fc.boolean(),
    })
    .map((step) => ({ ...step, inner: step.async ? step.inner : [] }))

export const program: fc.Arbitrary<Program> = fc.record({
  parameters: fc.uniqueArray(fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.nat(9)), {
    minLength: 1,
    maxLength: 3,
  }),
  steps: fc.array(stepOfDepth(2), { minLength: 1, maxLength: 8 }),
})
