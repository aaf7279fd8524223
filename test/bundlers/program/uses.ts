import { createHash } from 'node:crypto'
import { bundle, parameter } from '@trace2/instrumentation'
import { enableIsolation } from '@trace2/instrumentation/isolation'
import { shorten } from './text.ts'

const limit = 3
const tone = parameter('uses.tone', 'warm')
const close = bundle('close', (text: string): string => `${text}!`)

const trainable = {
  helper: bundle('helper', (text: string): string => `Dear ${shorten(text, limit)}`, {
    trainable: true,
  }),
  import: bundle(
    'import',
    (text: string): string => `Dear ${createHash('sha256').update(text).digest('hex').slice(0, 4)}`,
    { trainable: true },
  ),
  bundle: bundle('bundle', (text: string): string => close(`Dear ${text}`), { trainable: true }),
  parameter: bundle('parameter', (text: string): string => `Dear ${tone.value} ${text}`, {
    trainable: true,
  }),
  late: bundle('late', (text: string): string => `Dear ${text} ${later}`, { trainable: true }),
  declared: bundle('declared', (text: string): string => `Dear ${shorten(text, limit)}`, {
    trainable: true,
    uses: { limit: 5 },
  }),
}

const later = 'later'

/** Prints what each function gives, and again after a change of one word. */
async function main(): Promise<void> {
  await enableIsolation()
  const call = () => Object.values(trainable).map((each) => each('a long text'))
  const results = call()
  for (const { parameters } of Object.values(trainable)) {
    const [parameter] = parameters()
    parameter?.update(parameter.value.replace('Dear', 'Hello'))
  }
  console.log(JSON.stringify({ results, changed: call() }))
}

void main()
