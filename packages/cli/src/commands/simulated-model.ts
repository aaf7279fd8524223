import { defined } from '@trace2/core'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { portArgument, wholeNumber } from '../options/numbers.ts'
import { aborted } from '../terminal/interruption.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'

interface SimulatedModelOptions {
  readonly port: number
  readonly seed?: number
}

const usualPort = 4319

export function addSimulatedModel(program: Command, terminal: Terminal): void {
  program
    .command('simulated-model')
    .summary('a model for trying things out, without a key')
    .description(
      'Serves a simulated model with the API of OpenAI on this machine, and says which variables lead `trace2 optimize`, `trace2 judge` and an agent to it. It answers by rules: what is obtained with it says nothing of any language model.',
    )
    .option('--port <n>', 'on 127.0.0.1; 0 takes a free one', portArgument, usualPort)
    .option('--seed <n>', 'decides its guesses (default: 0)', wholeNumber(0))
    .addHelpText('after', examples('trace2 simulated-model', 'trace2 simulated-model --port 0'))
    .action((options: SimulatedModelOptions) => serve(options, terminal))
}

async function serve({ port, seed }: SimulatedModelOptions, terminal: Terminal): Promise<void> {
  const { CHAT_MODEL, startSimulatedModel } = await import('@trace2/simulated-model')
  const stop = terminal.interruption('Stopping.')
  terminal.serve()
  const model = await startSimulatedModel({ port, ...defined({ seed }) }).catch((cause) => {
    throw raise('T2_USAGE', `Port ${port} cannot be listened on: name another with --port.`, {
      cause,
    })
  })
  terminal.print(`Answering by rules on ${model.url}; stop with Ctrl-C. In another terminal:`)
  terminal.print(
    `export OPENAI_BASE_URL=${model.url} OPENAI_API_KEY=simulated TRACE2_MODEL=${CHAT_MODEL}`,
  )
  await aborted(stop)
  await model.close()
}
