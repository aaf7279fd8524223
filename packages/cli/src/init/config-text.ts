import type { AgentSetting, Trace2Config } from '../config/trace2-config.ts'

/** What `trace2 init` has found out. */
export interface InitialConfig {
  readonly store: string
  readonly agent: AgentSetting | undefined
}

const guards = { errors: '+0' }

/** A configuration as JSON. */
export function configJson({ store, agent }: InitialConfig): string {
  const config: Trace2Config = {
    store,
    ...(agent === undefined ? {} : { agent }),
    gate: { guards },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/**
 * A configuration as a module.
 *
 * @param isInstalled whether it may import `trace2/config`, which gives its members their types.
 */
export function configModule({ store, agent }: InitialConfig, isInstalled: boolean): string {
  const [head, tail] = isInstalled
    ? ["import { defineConfig } from 'trace2/config'\n\nexport default defineConfig({", '})']
    : ['export default {', '}']
  const agentLine =
    agent === undefined
      ? "  // agent: './src/agent.ts#agent', // or { command: ['python3', 'agent.py'] }, or { url: 'http://127.0.0.1:8080/run' }"
      : `  agent: ${agentText(agent)},`
  return `${head}
  // Where runs, feedback, proposals and experiments are kept; or the address of a collector.
  store: ${quoted(store)},
  // What is run on each case of a dataset.
${agentLine}
  // How outputs are judged; without guides they have to equal the references of the cases. A rubric asks a model: name it
  // with TRACE2_MODEL, or here: models: { model: 'gpt-5-mini' }.
  // guides: [{ kind: 'rubric', rubric: 'It is polite and says what happens next.' }],
  // What must not get worse for a better score. Each of these takes cases of its own to be shown: costUsd: '+20%' about a
  // hundred, latencyMs: '+20%' (in whole runs), tokens, or the score of a guide, which may fall: politeness: '-0.05'.
  gate: { guards: { errors: '+0' } },
${tail}
`
}

function agentText(agent: AgentSetting): string {
  if (typeof agent === 'string') return quoted(agent)
  if ('url' in agent) return `{ url: ${quoted(agent.url)} }`
  return `{ command: [${agent.command.map(quoted).join(', ')}] }`
}

/** A text as source has it; JSON's form is one for every text. */
function quoted(text: string): string {
  return /^[\w ./:#@?&=-]*$/.test(text) ? `'${text}'` : JSON.stringify(text)
}
