import '@trace2/simulated-model/without-key'
import { Trace2Error } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'
import { bake, taste, temperature } from './oven.ts'

try {
  const optimizer = new OptoPrime([temperature])
  for (let batch = 1; batch <= 12; batch++) {
    const loaf = bake(temperature)
    const complaint = taste(loaf)
    console.log(`batch ${batch} at ${temperature.value} °C: ${complaint ?? 'just right.'}`)
    if (complaint === undefined) break

    optimizer.zeroFeedback()
    optimizer.backward(loaf, complaint)
    await optimizer.step()
  }
} catch (error) {
  // Such an error says what to do; a stack would hide that.
  if (!(error instanceof Trace2Error)) throw error
  console.error(`${error.message}\n${error.remedy}`)
  process.exitCode = 1
}
