import { bundle } from '@trace2/instrumentation'
import type { Form } from './form.ts'

/** Forms that use nothing of their module, each with V1 in what it gives. */
export const forms: Readonly<Record<string, Form>> = {
  'a function': {
    record: () =>
      bundle(
        'forms.function',
        function named(x: string): string {
          /** Says it. */ return `V1 ${x}`
        },
        { trainable: true },
      ),
    args: ['a'],
  },
  'an arrow function': {
    record: () => bundle('forms.arrow', (x: string): string => `V1 ${x}`, { trainable: true }),
    args: ['a'],
  },
  'one bare argument': {
    record: () =>
      bundle('forms.bare', ((x) => `V1 ${x}`) as (x: string) => string, { trainable: true }),
    args: ['a'],
  },
  asynchronous: {
    record: () =>
      bundle(
        'forms.async',
        async (x: string): Promise<string> => {
          await null
          return `V1 ${x}`
        },
        { trainable: true },
      ),
    args: ['a'],
  },
  'a timer': {
    record: () =>
      bundle(
        'forms.timer',
        async (x: string): Promise<string> => {
          await new Promise((done) => setTimeout(done, 1))
          return `V1 ${x}`
        },
        { trainable: true },
      ),
    args: ['a'],
  },
  'a generator': {
    record: () =>
      bundle(
        'forms.generator',
        function* (x: string) {
          yield 'V1'
          yield x
        },
        { trainable: true },
      ),
    args: ['a'],
  },
  'an asynchronous generator': {
    record: () =>
      bundle(
        'forms.stream',
        async function* (x: string) {
          yield 'V1'
          yield x
        },
        { trainable: true },
      ),
    args: ['a'],
  },
  'a default': {
    record: () =>
      bundle('forms.default', (x: string, n = 3): string => `V1 ${x.repeat(n)}`, {
        trainable: true,
      }),
    args: ['a'],
  },
  destructured: {
    record: () =>
      bundle(
        'forms.destructured',
        ({ title, body = '' }: { title: string; body?: string }): string => `V1 ${title}${body}`,
        { trainable: true },
      ),
    args: [{ title: 'a' }],
  },
  'rest arguments': {
    record: () =>
      bundle('forms.rest', (...xs: string[]): string => `V1 ${xs.join()}`, { trainable: true }),
    args: ['a', 'b'],
  },
  'recursion by its own name': {
    record: () =>
      bundle(
        'forms.recursion',
        function down(n: number): string {
          return n <= 0 ? 'V1' : down(n - 1)
        },
        { trainable: true },
      ),
    args: [3],
  },
  generic: {
    record: () =>
      bundle('forms.generic', <T extends { id: string }>(x: T): string => `V1 ${x.id}`, {
        trainable: true,
      }),
    args: [{ id: 'a' }],
  },
  'a callback': {
    record: () =>
      bundle(
        'forms.callback',
        (x: string, say: (text: string) => string): string => `V1 ${say(x)}`,
        { trainable: true },
      ),
    args: ['a', (text: string) => `${text}!`],
  },
  'a date': {
    record: () =>
      bundle('forms.date', (d: Date): string => `V1 ${d.getFullYear()}`, { trainable: true }),
    args: [new Date(0)],
  },
  'a map': {
    record: () =>
      bundle('forms.map', (m: Map<string, number>): string => `V1 ${m.get('a')}`, {
        trainable: true,
      }),
    args: [new Map([['a', 1]])],
  },
  undefined: {
    record: () =>
      bundle('forms.undefined', (x: string | undefined): string => `V1 ${x}`, { trainable: true }),
    args: [undefined],
  },
  'a bigint': {
    record: () =>
      bundle('forms.bigint', (x: string): string => `V1 ${BigInt(x.length) + 1n}`, {
        trainable: true,
      }),
    args: ['a'],
  },
  'an error': {
    record: () =>
      bundle(
        'forms.error',
        (x: string): string => {
          try {
            throw new RangeError('V1')
          } catch (error) {
            return `${error} ${x}`
          }
        },
        { trainable: true },
      ),
    args: ['a'],
  },
  console: {
    record: () =>
      bundle(
        'forms.console',
        (x: string): string => {
          console.error('seen')
          return `V1 ${x}`
        },
        { trainable: true },
      ),
    args: ['a'],
  },
  Intl: {
    record: () =>
      bundle('forms.intl', (n: number): string => `V1 ${new Intl.NumberFormat('en').format(n)}`, {
        trainable: true,
      }),
    args: [1234.5],
  },
  'an expression of the web': {
    record: () =>
      bundle('forms.url', (u: string): string => `V1 ${new URL(u).host}`, { trainable: true }),
    args: ['http://x.org/'],
  },
}
