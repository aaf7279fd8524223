// `npm run real-model [-- STEP …]`: what the demo, the examples and each strategy do with a real small model.
// Takes half an hour or so on two cores, and is no part of CI. Writes docs/real-model.md: a step that is run replaces what stood
// there of it, and what other steps came to is kept in node_modules/.cache.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMeter } from './meter.mjs'
import { pageOf } from './page.mjs'
import { installModel, modelName, startModel } from './server.mjs'
import { limits, root, stepsIn } from './steps.mjs'

const mostMinutes = 12
const work = mkdtempSync(join(tmpdir(), 'trace2-real-model-'))
const steps = stepsIn(work)
const folder = join(root, 'node_modules', '.cache', 'trace2-real-model')
const kept = join(folder, 'results.json')

const named = process.argv.slice(2)
const unknown = named.find((name) => !(name in steps))
if (unknown) {
  console.error(`There is no step ${unknown}. Steps: ${Object.keys(steps).join(', ')}.`)
  process.exit(1)
}

let model
let meter
let child
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    child?.kill()
    model?.stop()
    rmSync(work, { recursive: true, force: true })
    process.exit(130)
  })
}

try {
  model = await startModel(installModel(folder), join(work, 'server.log'))
  meter = await startMeter(model.url)
  const results = named.length > 0 && existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {}
  for (const [name, step] of Object.entries(steps)) {
    if (named.length > 0 && !named.includes(name)) continue
    results[name] = await perform(name, step, meter)
    writeFileSync(kept, JSON.stringify(results, undefined, 1))
    writeFileSync(join(root, 'docs', 'real-model.md'), pageOf(steps, results))
  }
} catch (error) {
  console.error(`Left out: ${error.message}`)
  process.exitCode = 1
} finally {
  meter?.stop()
  await model?.stop()
  rmSync(work, { recursive: true, force: true })
}

async function perform(name, { args, prepare }, { url, take }) {
  console.log(`\n── ${name} ──`)
  const cwd = join(work, name.replace(/\W+/g, '-'))
  mkdirSync(cwd, { recursive: true })
  const endpoint = { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none', TRACE2_MODEL: modelName }
  let output = ''
  let ended
  prepare?.()
  const started = performance.now()
  child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...endpoint, ...limits, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data
      process.stdout.write(data)
    })
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), mostMinutes * 60_000)
  const [code, signal] = await once(child, 'close')
  clearTimeout(timer)
  const minutes = (performance.now() - started) / 60_000
  if (signal) ended = `stopped after ${mostMinutes} minutes`
  else if (code === 0) ended = 'well'
  else ended = output.match(/\bT2_[A-Z_]+/g)?.at(-1) ?? `code ${code}`
  return { ended, minutes, output: output.replaceAll(work, '…').replaceAll(root, ''), ...take() }
}
