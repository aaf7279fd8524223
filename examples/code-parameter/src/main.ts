import '@trace2/simulated-model/without-key'
import { Trace2Error } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'
import { greeting, people } from './greeting.ts'

try {
  const optimizer = new OptoPrime(greeting.parameters())
  for (const person of people) {
    for (let attempt = 1; attempt <= 3; attempt++) {
      try {
        console.log(greeting(person))
        break
      } catch (error) {
        // The exception is a node of the graph, and its message all the feedback there is.
        console.log(String(error))
        optimizer.zeroFeedback()
        optimizer.backward(error)
        await optimizer.step()
      }
    }
  }
  console.log(`\nThe function now:\n${greeting.parameters()[0]?.value}`)
} catch (error) {
  // Such an error says what to do; a stack would hide that.
  if (!(error instanceof Trace2Error)) throw error
  console.error(`${error.message}\n${error.remedy}`)
  process.exitCode = 1
}
