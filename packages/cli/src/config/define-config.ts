import type { Trace2Config } from './trace2-config.ts'

/**
 * The configuration as it is given, with its type checked.
 *
 * @example export default defineConfig({ agent: './src/agent.ts#agent' })
 */
export function defineConfig(config: Trace2Config): Trace2Config {
  return config
}
