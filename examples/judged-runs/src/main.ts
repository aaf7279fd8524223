import '@trace2/simulated-model/without-key'
import { improve } from './loop.ts'

const { before, after } = await improve((line) => console.log(line))
console.log(`\nMean score: ${before.toFixed(2)} before, ${after.toFixed(2)} after.`)
