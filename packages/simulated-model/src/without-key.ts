/**
 * Importing this module starts the simulated model where there is no `OPENAI_API_KEY`, and points `OPENAI_BASE_URL`,
 * `OPENAI_API_KEY` and `TRACE2_MODEL` of this process at it. It never keeps the process alive. For examples, so that
 * they run as they stand.
 */
import { CHAT_MODEL } from './protocol/models.ts'
import { startSimulatedModel } from './server.ts'

if (!process.env.OPENAI_API_KEY) {
  const model = await startSimulatedModel()
  model.unref()
  process.env.OPENAI_API_KEY = 'simulated'
  process.env.OPENAI_BASE_URL = model.url
  process.env.TRACE2_MODEL = CHAT_MODEL
  process.stderr.write('No OPENAI_API_KEY: the simulated model answers, by rules.\n')
}
