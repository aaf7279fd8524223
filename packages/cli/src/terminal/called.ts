import { delimiter, dirname } from 'node:path'

/** What tells how this process was started. */
export interface Start {
  readonly env: NodeJS.ProcessEnv
  /** The file that was started, as it was named. */
  readonly file: string | undefined
}

/** How a package manager runs a command of a package, by the name it gives itself. */
const managers: Readonly<Record<string, string>> = {
  npm: 'npx trace2',
  pnpm: 'pnpm exec trace2',
  yarn: 'yarn trace2',
  bun: 'bunx trace2',
}

/** The words that call the command here: `trace2` where a shell finds it, else those of whoever started this process. */
export function commandHere({ env, file = '' }: Start): string {
  const { npm_command, npm_package_name, npm_config_user_agent, PATH = '' } = env
  // In a clone of the repository the command is a script.
  if (npm_command !== 'exec' && npm_package_name === 'trace2-workspace') return 'npm run trace2 --'
  const [manager = ''] = npm_config_user_agent?.split('/') ?? []
  const started = managers[manager]
  if (started !== undefined) return started
  const isLocal = /[\\/]node_modules[\\/]\.bin[\\/]/.test(file)
  return isLocal && !PATH.split(delimiter).includes(dirname(file)) ? 'npx trace2' : 'trace2'
}

/**
 * A text of ours in which every command to type is one that works here. A command stands alone, behind a prompt, in
 * backquotes, or in `<(…)`. To be done before the text is broken into lines.
 */
export function asCalled(text: string, command: string): string {
  return text.replace(/(?<=^|`|\$ |<\()trace2(?= )/g, () => command)
}
