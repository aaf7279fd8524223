import '@trace2/simulated-model/without-key'
import { OptoPrime, store } from '@trace2/optimizer/live'
import { renderText } from '@trace2/optimizer/render'

const { answer, system } = await import('./agent.ts')
const question = 'Where is my order?\nOrder number: LO-20455'

const before = await answer.node(question)
console.log(`${before.value}\n`)

const optimizer = new OptoPrime([system])
optimizer.zeroFeedback()
optimizer.backward(before, 'The reply must include the arrival.')
await optimizer.step()

console.log(renderText(await store.graph(before.traceId ?? '')))
console.log(`\n${system.name} now:\n${system.value}\n`)
console.log(await answer(question))
