import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'

// The optimizer asks the model that these variables name. Without a key, the simulated model stands in; being an
// import, this module has done so before the program begins.
if (!process.env.OPENAI_API_KEY) {
  const model = await startSimulatedModel()
  process.env.OPENAI_API_KEY = 'simulated'
  process.env.OPENAI_BASE_URL = model.url
  process.env.TRACE2_MODEL = CHAT_MODEL
  // It must not keep the program alive: it ends when the program has nothing left to do.
  model.unref()
  console.log('(no OPENAI_API_KEY: using the simulated model)')
}
