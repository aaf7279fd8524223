import '@trace2/simulated-model/without-key'
import { Trace2Error } from '@trace2/instrumentation'
import { OptoPrime, store } from '@trace2/optimizer/live'
import { renderText } from '@trace2/render'
import OpenAI from 'openai'

try {
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
} catch (error) {
  // What the library, or the client of the model, reports needs no stack.
  const isOfModel = error instanceof OpenAI.APIError
  if (!isOfModel && !(error instanceof Trace2Error)) throw error
  console.error(error.message)
  console.error(
    isOfModel ? 'Check OPENAI_BASE_URL, OPENAI_API_KEY and TRACE2_MODEL.' : error.remedy,
  )
  process.exitCode = 1
}
