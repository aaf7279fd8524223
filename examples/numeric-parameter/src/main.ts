import '@trace2/simulated-model/without-key'
import { OptoPrime } from '@trace2/optimizer/live'
import { bake, taste, temperature } from './oven.ts'

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
