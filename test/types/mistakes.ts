// What a program may get wrong, one mistake on each line that names the error it should be told. Not part of the
// program: `compilers.test.ts` compiles it.
import {
  bundle,
  node,
  type Parameter,
  parameter,
  run,
  type StandardSchema,
} from '@trace2/instrumentation'

declare const numbers: StandardSchema<number>
declare const modes: StandardSchema<'fast' | 'slow'>

const count = bundle('count', (text: string) => text.length)
count(5) // TS2345
count(node(5)) // TS2345
count(parameter('m.number', 5)) // TS2345
count() // TS2554
count.node(5) // TS2345
count('a', 'b') // TS2554

const ask = bundle('ask', async (question: { readonly text: string }) => question.text)
ask({ text: 1 }) // TS2322
ask({}) // TS2345

const answer = bundle('answer', (how: 'fast' | 'slow') => how)
answer('medium') // TS2345
const speed = parameter('m.speed', 'fast')
answer(speed) // TS2345

const agent = run('agent', (ticket: string) => ticket)
agent(1) // TS2345

const shown = bundle(
  'shown',
  Object.assign((text: string) => text, { language: 'en' }),
)
shown(1) // TS2345

const push = bundle('push', function (this: string[], item: string) {
  return this.push(item)
})
push('a') // TS2684
push.call(['a'], 1) // TS2345

const parse = bundle('parse', JSON.parse as { (text: string): string; (text: string[]): string[] })
parse(1) // TS2769
parse(node(1)) // TS2769
const same = bundle('same', <T>(value: T) => value)
same(node(3)).toFixed() // TS2571
same() // TS2554

parameter('m.wrong', 'fast', { schema: numbers }) // TS2345
parameter('m.default', 'medium', { schema: modes }) // TS2345
parameter('m.choice', 'fast', { schema: modes }).update('medium') // TS2345
const mode: Parameter<number> = parameter('m.declared', 'fast') // TS2345
mode.update('fast') // TS2345
