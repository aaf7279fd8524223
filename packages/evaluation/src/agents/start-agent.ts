import type { AgentDefinition, AgentLimits, AgentRunner } from './agent.ts'
import { knownLimits } from './limits.ts'

/**
 * Makes an agent ready to take trials. Its processes and servers start with the first trial.
 *
 * @throws {Trace2Error} `T2_AGENT_LOAD` if there is nothing to run; `T2_AGENT_LIMITS` if the limits are not valid.
 * @example const agent = await startAgent({ kind: 'module', file: 'src/agent.ts', export: 'agent' })
 */
export async function startAgent(
  definition: AgentDefinition,
  limits: AgentLimits = {},
): Promise<AgentRunner> {
  const known = knownLimits(limits)
  switch (definition.kind) {
    case 'module': {
      const { ModuleAgent } = await import('./module/module-agent.ts')
      return new ModuleAgent(definition, known)
    }
    case 'command': {
      const { CommandAgent } = await import('./command/command-agent.ts')
      return CommandAgent.start(definition, known)
    }
    case 'url': {
      const { UrlAgent } = await import('./url/url-agent.ts')
      return UrlAgent.start(definition, known)
    }
  }
}
