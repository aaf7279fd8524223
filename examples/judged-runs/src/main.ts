import '@trace2/simulated-model/without-key'
import { Trace2Error } from '@trace2/instrumentation'
import { improve } from './loop.ts'

try {
  const { before, after } = await improve((line) => console.log(line))
  console.log(`\nMean score: ${before.toFixed(2)} before, ${after.toFixed(2)} after.`)
} catch (error) {
  // Such an error says what to do; a stack would hide that.
  if (!(error instanceof Trace2Error)) throw error
  console.error(`${error.message}\n${error.remedy}`)
  process.exitCode = 1
}
