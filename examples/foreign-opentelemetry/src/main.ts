import '@trace2/simulated-model/without-key'
import OpenAI from 'openai'
import { improve } from './loop.ts'
import { mails } from './mails.ts'

try {
  const { before, after } = await improve()
  console.log(`Right labels: ${before} of ${mails.length} before, ${after} after.`)
} catch (error) {
  // What the library, or the client of the model, reports needs no stack.
  if (!(error instanceof Error)) throw error
  const isOfModel = error instanceof OpenAI.APIError
  if (!isOfModel && !('remedy' in error)) throw error
  console.error(error.message)
  console.error(
    isOfModel ? 'Check OPENAI_BASE_URL, OPENAI_API_KEY and TRACE2_MODEL.' : error.remedy,
  )
  process.exitCode = 1
}
