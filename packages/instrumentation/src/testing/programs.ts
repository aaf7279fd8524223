import fc from 'fast-check'

/** What a random program passes to an operator. `pick` and `other` choose among the results there are. */
export interface Arg {
  readonly form:
    | 'external'
    | 'plain'
    | 'part'
    | 'leaf'
    | 'copy'
    | 'handle'
    | 'handle-part'
    | 'parameter'
    | 'parameter-value'
    | 'template'
    | 'container'
  readonly pick: number
  readonly other: number
}

/** One call of an operator, with the calls inside it. */
export interface Step {
  readonly args: readonly Arg[]
  readonly mode: 'sync' | 'async' | 'stream' | 'text-stream'
  readonly result:
    | 'object'
    | 'text'
    | 'number'
    | 'constant'
    | 'inner'
    | 'assembled'
    | 'error'
    | 'rethrow'
  readonly body: readonly Step[]
  readonly parallel: boolean
  /** Ticks that an async operator waits. */
  readonly wait: number
  /** Parameter that is read inside. */
  readonly reads: number | null
}

const arg: fc.Arbitrary<Arg> = fc.record({
  form: fc.constantFrom(
    'external',
    'plain',
    'plain',
    'part',
    'leaf',
    'copy',
    'handle',
    'handle-part',
    'parameter',
    'parameter-value',
    'template',
    'template',
    'container',
  ),
  pick: fc.nat(50),
  other: fc.nat(50),
})

/** A step with `depth` levels of steps inside it at most. */
function stepOf(depth: number): fc.Arbitrary<Step> {
  return fc.record({
    args: fc.array(arg, { maxLength: 3 }),
    mode: fc.constantFrom('sync', 'sync', 'async', 'async', 'stream', 'text-stream'),
    result: fc.constantFrom(
      'object',
      'object',
      'text',
      'number',
      'constant',
      'inner',
      'assembled',
      'error',
      'rethrow',
    ),
    body: depth === 0 ? fc.constant([]) : fc.array(stepOf(depth - 1), { maxLength: 3 }),
    parallel: fc.boolean(),
    wait: fc.nat(3),
    reads: fc.option(fc.nat(2), { freq: 3 }),
  })
}

/** The steps of one run. */
export const program: fc.Arbitrary<{
  readonly steps: readonly Step[]
  readonly parallel: boolean
}> = fc.record({
  steps: fc.array(stepOf(2), { minLength: 1, maxLength: 6 }),
  parallel: fc.boolean(),
})
