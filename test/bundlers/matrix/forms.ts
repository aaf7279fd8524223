import { createHash } from 'node:crypto'
import { bundle, parameter, t } from '@trace2/instrumentation'
import type { Form, Recorded } from './form.ts'
import { most, shorten as shortened } from './text.ts'

const marker = `V${[0].length}`
const rate = 7 * marker.length
const fee = 100 * marker.length
const tone = parameter('forms.tone', 'warm')
const inner = bundle('forms.inner', (x: string): string => `inner of ${x}`)
function helper(text: string): string {
  return marker + text.trim().toUpperCase()
}
const tools = { helper: (text: string): string => `V1 ${helper(text)}` }
function closure(prefix: string): Recorded {
  return bundle('forms.closure', (x: string): string => `${prefix} V1 ${x}`, {
    trainable: true,
    uses: { prefix },
  })
}
class Agent {
  greeting = 'Hello'
  field(): Recorded {
    return bundle('forms.field', (x: string): string => `${this.greeting} V1 ${x}`, {
      trainable: true,
      uses: { this: this },
    })
  }
  method(x: string): string {
    return `${this.greeting} V1 ${x}`
  }
  plain(x: string): string {
    return `V1 ${x}`
  }
}
const agent = new Agent()
function overloaded(x: string): string
function overloaded(x: number): number
function overloaded(x: string | number): string | number {
  return typeof x === 'string' ? `V1 ${x}` : x
}
export const again: (n: number) => string = bundle(
  'forms.again',
  (n: number): string => (n <= 0 ? 'V1' : again(n - 1)),
  { trainable: true },
)
const countdown = (n: number): string => (n <= 0 ? 'V1' : countdown(n - 1))
export const limit = most + marker.length
export function exported(text: string): string {
  return `${text}!`
}
// What an enum is once it is compiled.
const Kind: Readonly<Record<string | number, string | number>> = { A: 0, B: 1, 0: 'A', 1: 'B' }
const given = { helper }

/** Forms that use something of their module, each with V1 in what it gives. */
export const forms: Readonly<Record<string, Form>> = {
  fetch: {
    record: () =>
      bundle(
        'forms.fetch',
        async (url: string): Promise<string> => `V1 ${(await fetch(url)).status}`,
        { trainable: true, uses: { fetch } },
      ),
    args: ['data:text/plain,x'],
  },
  'a helper': {
    record: () =>
      bundle('forms.helper', (x: string): string => `V1 ${helper(x)}`, {
        trainable: true,
        uses: { helper, marker },
      }),
    args: [' a '],
  },
  'a constant': {
    record: () =>
      bundle('forms.constant', (x: string): string => `V1 ${rate}${x}`, {
        trainable: true,
        uses: { rate },
      }),
    args: ['a'],
  },
  'two constants': {
    record: () =>
      bundle('forms.constants', (x: number): string => `V1 ${x * rate - fee}`, {
        trainable: true,
        uses: { rate, fee },
      }),
    args: [2],
  },
  'an import': {
    record: () =>
      bundle(
        'forms.import',
        (x: string): string => `V1 ${createHash('sha1').update(x).digest('hex')}`,
        { trainable: true, uses: { createHash } },
      ),
    args: ['a'],
  },
  'an import under another name': {
    record: () =>
      bundle('forms.renamed', (x: string): string => `V1 ${shortened(x, most)}`, {
        trainable: true,
        uses: { shortened, most },
      }),
    args: ['a long text'],
  },
  'what the module exports': {
    record: () =>
      bundle('forms.exported', (x: string): string => `V1 ${exported(x).slice(0, limit)}`, {
        trainable: true,
        uses: { exported, limit },
      }),
    args: ['a long text'],
  },
  'a closure': { record: () => closure('pre'), args: ['a'] },
  'this of an arrow function': { record: () => agent.field(), args: ['a'] },
  'this of a method': {
    record: () => {
      const method = bundle('forms.method', agent.method, { trainable: true })
      return Object.assign((x: string) => method.call(agent, x), { parameters: method.parameters })
    },
    args: ['a'],
  },
  'a method without this': {
    record: () => bundle('forms.plain', agent.plain, { trainable: true }),
    args: ['a'],
  },
  'a default of the module': {
    record: () =>
      bundle('forms.outerDefault', (x: string, m = rate): string => `V1 ${x}${m}`, {
        trainable: true,
        uses: { rate },
      }),
    args: ['a'],
  },
  'recursion through the bundle': { record: () => again, args: [3] },
  'recursion through a variable': {
    record: () => bundle('forms.countdown', countdown, { trainable: true }),
    args: [3],
  },
  overloaded: {
    record: () =>
      bundle('forms.overloaded', overloaded as (x: string) => string, { trainable: true }),
    args: ['a'],
  },
  'another bundle': {
    record: () =>
      bundle('forms.bundle', (x: string): string => `V1 ${inner(x)}`, {
        trainable: true,
        uses: { inner },
      }),
    args: ['a'],
  },
  'a parameter': {
    record: () =>
      bundle('forms.parameter', (x: string): string => `V1 ${tone.value}${x}`, {
        trainable: true,
        uses: { tone },
      }),
    args: ['a'],
  },
  'a template': {
    record: () =>
      bundle('forms.template', (x: string): string => `V1 ${t`${x} and`}`, {
        trainable: true,
        uses: { t },
      }),
    args: ['a'],
  },
  'an instance': {
    record: () =>
      bundle('forms.instance', (a: Agent): string => `V1 ${a.method('x').length}`, {
        trainable: true,
      }),
    args: [agent],
  },
  'an enum': {
    record: () =>
      bundle('forms.enum', (x: string): string => `V1 ${Kind[Number(Kind.B)]}${x}`, {
        trainable: true,
        uses: { Kind },
      }),
    args: ['a'],
  },
  // What names may be taken for others.
  'one name given, another used': {
    record: () =>
      bundle('forms.other', (x: number): string => `V1 ${x * rate}`, {
        trainable: true,
        uses: { fee },
      }),
    args: [2],
  },
  'a name that is that of the operator': {
    record: () =>
      bundle('helper', (x: string): string => `V1 ${helper(x)}`, {
        trainable: true,
        uses: { marker },
      }),
    args: ['a'],
  },
  'a member that is named as what it uses': {
    record: () => bundle('forms.member', tools.helper, { trainable: true }),
    args: ['a'],
  },
  'given by a variable': {
    record: () =>
      bundle('forms.given', (x: string): string => `V1 ${helper(x)}`, {
        trainable: true,
        uses: given,
      }),
    args: ['a'],
  },
}
