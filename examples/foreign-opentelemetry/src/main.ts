import '@trace2/simulated-model/without-key'
import { improve } from './loop.ts'
import { mails } from './mails.ts'

const { before, after } = await improve()
console.log(`Right labels: ${before} of ${mails.length} before, ${after} after.`)
