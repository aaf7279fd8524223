// What every runtime has to do alike. It is CommonJS, so that `require` is part of it. Prints what came of it as JSON.
const { createServer } = require('node:http')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { setTimeout } = require('node:timers/promises')
const { startCollector } = require('@trace2/collector')
const { bundle, parameter, run } = require('@trace2/instrumentation')
const { start } = require('@trace2/instrumentation/node')
const OpenAI = require('openai')

const tone = parameter('tone', 'curt')
const greet = bundle(
  function greet(name) {
    /** Greets. */
    return `Hi ${name}`
  },
  { trainable: true },
)
const answer = bundle('answer', (text, tone) => `${text} (${tone})`)
const agent = run('agent', async (name) => {
  const text = greet(name)
  await null
  return answer(text, tone)
})

/** A model that proposes another tone, whatever it is asked. */
async function startModel() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const content = JSON.stringify({ reasoning: 'Kinder.', suggestion: { tone: 'kind' } })
      const message = { role: 'assistant', content }
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({ id: 'a', choices: [{ index: 0, message, finish_reason: 'stop' }] }),
      )
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Names of the spans that a collector has, once they are this many. */
async function recordedBy(collector, count) {
  for (let tries = 0; ; tries++) {
    const { rows } = await collector.store.sql('SELECT name FROM v_span ORDER BY name')
    if (rows.length >= count || tries === 600) return rows.flat()
    await setTimeout(100)
  }
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'trace2-runtime-'))
  const collector = await startCollector({ db: join(folder, 'runs.duckdb'), port: 0 })
  const recording = start({ serviceName: 'runtime', endpoint: collector.url })
  const first = await agent('Ann')
  await recording.flush()
  const spans = await recordedBy(collector, 3)

  const { OptoPrime, store } = require('@trace2/optimizer/live')
  // Changed source runs at once, without anything having been awaited.
  const [code] = greet.parameters()
  code.update(code.value.replace('Hi', 'Hello'))
  const changed = greet('Ann')

  const output = await agent('Ann')
  const model = await startModel()
  const baseURL = `http://127.0.0.1:${model.address().port}/v1`
  const optimizer = new OptoPrime([tone], {
    client: new OpenAI({ baseURL, apiKey: 'none' }),
    model: 'any',
  })
  optimizer.zeroFeedback()
  optimizer.backward(output, 'Be kinder.')
  const { applied } = await optimizer.step()
  const second = await agent('Ann')
  const runs = (await store.runs()).length

  await recording.shutdown()
  await collector.close()
  model.close()
  model.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
  console.log(
    JSON.stringify({ first, spans, changed, output, applied: applied.length, second, runs }),
  )
  process.exit()
}

void main()
