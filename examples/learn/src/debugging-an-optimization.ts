import '@trace2/simulated-model/without-key'
import { bundle, parameter, run, Trace2Error, t } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'

const tone = parameter('mail.tone', 'Hey', { description: 'At most three words.' })
const closing = parameter('mail.closing', 'Bye', { description: 'At most three words.' })

const write = bundle('write', (opening: string) => `${opening} Your order has left our house.`)
const sign = bundle('sign', (text: string, closing: string) => `${text} ${closing}`)

const optimizer = new OptoPrime([tone, closing])

// 1. Nothing has been said yet. An error has a code, and a remedy.
try {
  await optimizer.step()
} catch (error) {
  if (!(error instanceof Trace2Error)) throw error
  console.log(`${error.code}: ${error.remedy}\n`)
}

// 2. Outside run(), a plain text does not say which call it came from, so feedback ends here.
optimizer.backward(sign(write(`${tone.value} Ada!`), closing), 'Be more formal.')
for (const { name, reason, detail } of (await optimizer.propose()).unreached) {
  console.log(`${name} (${reason}): ${detail}\n`)
}

// 3. Inside run(), feedback finds its way. A template also says into which text the parameter went.
const mail = run('mail', (name: string) => sign(write(t`${tone} ${name}!`), closing))
optimizer.zeroFeedback()
optimizer.backward(mail('Ada'), 'Be more formal.')
const { unreached } = await optimizer.propose()
console.log(`Unreached inside run(): ${unreached.length}\n`)

// 4. What the model is shown, without asking it.
const dry = new OptoPrime([tone, closing], { dryRun: true })
dry.backward(mail('Ada'), 'Be more formal.')
const { preview } = await dry.propose()
const question = preview?.messages.map(({ content }) => content).join('\n') ?? ''
console.log(question.slice(question.indexOf('# Code'), question.indexOf('# Documentation')))
