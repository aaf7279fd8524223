import { bundle, type Parameter, parameter, type StandardSchema } from '@trace2/instrumentation'
import * as v from 'valibot'
import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

declare const numbers: StandardSchema<number>

describe('the type of a parameter', () => {
  test('is that of its default value', () => {
    expectTypeOf(parameter('t', 'fast')).toEqualTypeOf<Parameter<string>>()
    expectTypeOf(parameter('t', 0.5, { description: 'A share.' })).toEqualTypeOf<
      Parameter<number>
    >()
    expectTypeOf(parameter('t', true, { trainable: false })).toEqualTypeOf<Parameter<boolean>>()
    expectTypeOf(parameter('t', ['a'])).toEqualTypeOf<Parameter<string[]>>()
    interface Limits {
      readonly words: number
      readonly next?: Limits
    }
    const limits: Limits = { words: 3 }
    expectTypeOf(parameter('t', limits)).toEqualTypeOf<Parameter<Limits>>()
    expectTypeOf(parameter('t', 'fast' as 'fast' | 'slow')).toEqualTypeOf<
      Parameter<'fast' | 'slow'>
    >()
  })

  test('is what the program says', () => {
    expectTypeOf(parameter<'fast' | 'slow'>('t', 'fast').value).toEqualTypeOf<'fast' | 'slow'>()
    const declared: Parameter<'fast' | 'slow'> = parameter('t', 'fast')
    expectTypeOf(declared.value).toEqualTypeOf<'fast' | 'slow'>()
    const answer = bundle('answer', (how: 'fast' | 'slow') => how)
    expectTypeOf(answer(parameter('t', 'fast'))).toEqualTypeOf<'fast' | 'slow'>()
    // @ts-expect-error It is none of the two.
    parameter<'fast' | 'slow'>('t', 'medium')
  })

  test('is what its schema says', () => {
    const mode = parameter('t', 'fast', { schema: z.enum(['fast', 'slow']) })
    expectTypeOf(mode).toEqualTypeOf<Parameter<'fast' | 'slow'>>()
    expectTypeOf(parameter('t', 'fast', { schema: v.picklist(['fast', 'slow']) })).toEqualTypeOf<
      Parameter<'fast' | 'slow'>
    >()
    expectTypeOf(parameter('t', 4, { schema: z.literal([4, 8]) })).toEqualTypeOf<Parameter<4 | 8>>()
    expectTypeOf(
      parameter(
        't',
        { words: 3 },
        { schema: z.object({ words: z.number(), tone: z.string().optional() }) },
      ).value,
    ).toEqualTypeOf<{ words: number; tone?: string | undefined }>()
    expectTypeOf(
      parameter('t', 'fast', { schema: { type: 'string', enum: ['fast', 'slow'] } as const }),
    ).toEqualTypeOf<Parameter<'fast' | 'slow'>>()
    expectTypeOf(parameter('t', 3, { schema: { type: 'integer', minimum: 0 } })).toEqualTypeOf<
      Parameter<number>
    >()
    expectTypeOf(parameter('t', 3, { schema: numbers })).toEqualTypeOf<Parameter<number>>()

    const answer = bundle('answer', (how: 'fast' | 'slow') => how)
    expectTypeOf(answer(mode)).toEqualTypeOf<'fast' | 'slow'>()
    mode.update('slow')
    // @ts-expect-error It is none of the two.
    mode.update('medium')
  })

  test('is not that of a schema of another type', () => {
    // @ts-expect-error A text is no number.
    parameter('t', 'fast', { schema: numbers })
    // @ts-expect-error Nor is it for Zod.
    parameter('t', 'fast', { schema: z.number() })
    // @ts-expect-error Nor is it for Valibot.
    parameter('t', 'fast', { schema: v.number() })
    // @ts-expect-error The default is none of the choices.
    parameter('t', 'medium', { schema: z.enum(['fast', 'slow']) })
    // @ts-expect-error The default is none of the choices.
    parameter('t', 'medium', { schema: { enum: ['fast', 'slow'] } as const })
    // @ts-expect-error What the program says is not what the schema says.
    parameter<'fast' | 'slow'>('t', 'fast', { schema: z.string() })
  })

  test('is open where the default value says nothing yet', () => {
    const tools = parameter('t', [])
    expectTypeOf(tools).toEqualTypeOf<Parameter<unknown[]>>()
    tools.update(['search', { name: 'mail' }])
    expectTypeOf(parameter('t', null)).toEqualTypeOf<Parameter<unknown>>()
    const settings = parameter('t', { words: 3, tools: [], tone: null })
    settings.update({ words: 4, tools: ['search'], tone: 'polite' })
    // @ts-expect-error The number of words is a number.
    settings.update({ words: 'four', tools: [], tone: null })

    const named: Parameter<string[]> = parameter('t', [])
    expectTypeOf(named.value).toEqualTypeOf<string[]>()
    expectTypeOf(parameter<string[]>('t', []).value).toEqualTypeOf<string[]>()
    expectTypeOf(parameter('t', [], { schema: z.array(z.string()) }).value).toEqualTypeOf<
      string[]
    >()
  })

  test('is that of the values that its projections take', () => {
    const share = parameter('t', 0.5, { projections: [(value) => value / 2, Math.round] })
    expectTypeOf(share).toEqualTypeOf<Parameter<number>>()
    const counted = parameter('t', 1, { schema: numbers, projections: [(value) => value + 1] })
    expectTypeOf(counted).toEqualTypeOf<Parameter<number>>()
    // @ts-expect-error A projection of texts is none of numbers.
    parameter('t', 0.5, { projections: [(value: string) => value.trim()] })
  })

  test('comes from a function that declares it for its caller', () => {
    function prefixed<T>(name: string, value: T): Parameter<T> {
      return parameter(`app.${name}`, value, { description: 'Of the app.' })
    }
    expectTypeOf(prefixed('t', 3)).toEqualTypeOf<Parameter<number>>()
    const inferred = <T>(name: string, value: T) => parameter(name, value)
    expectTypeOf(inferred('t', 3)).toEqualTypeOf<Parameter<number>>()
  })

  test('is what goes into the schema, because values stay as they are', () => {
    const filled = parameter(
      't',
      { words: 1 },
      {
        schema: z.object({ words: z.number(), tone: z.string().default('a') }),
      },
    )
    expectTypeOf(filled.value.tone).toEqualTypeOf<string | undefined>()
    // @ts-expect-error A number does not go into a schema of texts, whatever that makes of them.
    parameter('t', 5, { schema: z.string().transform((text) => text.length) })
  })
})
