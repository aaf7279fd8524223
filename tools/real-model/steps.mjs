// What is run against the model, in this order.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contextTokens } from './server.mjs'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const cli = join(root, 'packages/cli/bin/trace2.js')
const answerTokens = '400'

/** Every step is limited as somebody with a slow machine would limit it. */
export const limits = {
  TRACE2_CONTEXT: String(contextTokens),
  TRACE2_MAX_ANSWER_TOKENS: answerTokens,
  TRACE2_TIMEOUT: '400',
}

const strategies = {
  optoprime: { does: 'shows the graph of the runs as code and asks for new values' },
  'optoprime-elements': { does: 'does the same, answered in elements like those of XML' },
  opro: { does: 'shows earlier values with their scores and asks for a better one' },
  textgrad: {
    does: 'asks for a criticism of each step of a run, then for values that heed them',
    flags: ['--gradient-runs', '2'],
  },
  candidates: { does: 'asks for three values and lets the model choose between them' },
  merge: {
    does: 'asks about each part of the runs, then for one change that unites the answers',
    flags: ['--limit', '4'],
  },
}

/** The steps, whose data is in a folder. */
export function stepsIn(work) {
  return {
    'quick-start': example(
      'quick-start',
      'A function of one line is to be “more concise and professional”.',
    ),
    'openai-agent': example(
      'openai-agent',
      'An agent with a tool is to mention the arrival of an order; its prompt is the parameter.',
    ),
    'judged-runs': example(
      'judged-runs',
      'The model answers four tickets, judges its own answers, improves the prompt, and does it all again.',
    ),
    'numeric-parameter': example(
      'numeric-parameter',
      'The temperature of an oven is to be found from what a baker says about twelve loaves.',
    ),
    'code-parameter': example(
      'code-parameter',
      'A function that greets people fails where a field is missing; its code is to be repaired.',
    ),
    'foreign-opentelemetry': example(
      'foreign-opentelemetry',
      'An agent recorded with nothing but OpenTelemetry sorts six mails; its prompt is to be improved.',
    ),
    ...Object.fromEntries(
      Object.entries(strategies).map(([name, how]) => [
        `optimize: ${name}`,
        strategy(name, how, work),
      ]),
    ),
    demo: {
      about:
        'The whole loop with the support agent, one round, with six training and six held-out tickets.',
      command: 'trace2 demo --rounds 1 --tickets 6',
      args: [cli, 'demo', '--rounds', '1', '--tickets', '6', '--directory', join(work, 'demo')],
    },
  }
}

function example(name, about) {
  const file = join('examples', name, 'dist/main.js')
  return { about, command: `node ${file}`, args: [join(root, file)] }
}

/** One step of a strategy on a copy of a store that the demo has made with the simulated model, which takes seconds. */
function strategy(name, { does, flags: own = [] }, work) {
  const db = join(work, `${name}.duckdb`)
  const file = join(work, `${name}.json`)
  const flags = ['--optimizer', name, ...own, '--max-calls', '20']
  return {
    about: `One step on the runs of a demo: 28 with 84 pieces of feedback. The strategy ${does}.`,
    command: `trace2 optimize ${flags.join(' ')}`,
    args: [cli, 'optimize', '--db', db, '--parameters', file, ...flags],
    prepare: () => copyFileSync(simulatedRuns(join(work, 'simulated')), db),
  }
}

function simulatedRuns(directory) {
  const db = join(directory, '1', 'trace2.duckdb')
  if (existsSync(db)) return db
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...env } = process.env
  const args = [cli, 'demo', '--rounds', '1', '--directory', directory]
  const { status } = spawnSync(process.execPath, args, { env, stdio: 'ignore' })
  if (status !== 0) throw new Error('The demo with the simulated model failed.')
  return db
}
