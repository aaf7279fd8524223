// The job that every program does, without a word about how it is traced.
import { readFileSync } from 'node:fs'

export const MODEL = 'gpt-5-mini'

export const support = {
  name: 'order-support',
  prompt:
    'You are the support agent of a small shop. Look up the order before you answer, and say in two sentences where it is.',
}
export const triage = {
  name: 'triage',
  prompt: 'You are the first contact of a small shop. Hand over to the agent who can answer.',
}
export const editor = {
  name: 'editor',
  prompt: 'You rewrite answers so that they are friendly. Keep all facts.',
}

export const questions = [
  'Where is order A-1042?',
  'Where is order B-2077, and what is the refund policy in FR?',
]
export const user = 'user-7'
/** Sessions of the first and of the second form. */
export const [session, secondSession] = ['session-42', 'session-43']

export const lookupOrder = {
  name: 'lookup_order',
  description: 'Finds an order by its id and says where it is.',
  parameters: objectOf('order_id', 'The id of the order.'),
  run: ({ order_id }) =>
    `Order ${order_id} left the depot in Lyon on Monday and arrives on Thursday.`,
}
export const refundPolicy = {
  name: 'refund_policy',
  description: 'Says what the refund policy of a country is.',
  parameters: objectOf('country', 'A code of two letters.'),
  run: ({ country }) => `Goods can be returned within 30 days in ${country}.`,
}
export const tools = [lookupOrder, refundPolicy]

/** What a tool gives for the arguments as a model writes them. */
export function runTool(name, args) {
  const tool = tools.find((known) => known.name === name)
  return tool
    ? tool.run(typeof args === 'string' ? JSON.parse(args) : args)
    : 'There is no such tool.'
}

function objectOf(name, description) {
  return {
    type: 'object',
    properties: { [name]: { type: 'string', description } },
    required: [name],
    additionalProperties: false,
  }
}

/** The version of an installed package. */
export function versionOf(name) {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')).version
}

/** Says what ran. The program is over after that: frameworks leave timers and sockets behind. */
export function finish(framework, pack, instrumentation) {
  const by = instrumentation ? `${instrumentation} ${versionOf(instrumentation)}` : ''
  console.log(JSON.stringify({ framework, version: versionOf(pack), instrumentation: by }))
  process.exit(0)
}
