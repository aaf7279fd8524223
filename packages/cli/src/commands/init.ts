import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { printable, printableJson } from '@trace2/core'
import type { AgentDefinition } from '@trace2/evaluation'
import { wrapped } from '@trace2/render'
import type { Command } from 'commander'
import { agentOf } from '../config/configuration.ts'
import { configNames } from '../config/find.ts'
import type { AgentSetting } from '../config/trace2-config.ts'
import { raise } from '../errors.ts'
import { configJson, configModule, type InitialConfig } from '../init/config-text.ts'
import { exportedNames } from '../init/exported-names.ts'
import { type FoundAgent, findAgents } from '../init/find-agents.ts'
import { commandWords } from '../options/command-line.ts'
import { asCalled } from '../terminal/called.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { guideUrl } from '../text/guide-url.ts'

interface InitOptions {
  readonly agent?: string
  readonly command?: string
  readonly store?: string
  readonly force?: true
  readonly json?: true
}

const usualStore = 'trace2.duckdb'

export function addInit(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .summary('write trace2.config.ts for the agent in this folder')
    .description(
      'Writes the configuration of this folder: where runs are kept and how the agent is run. Looks for the agent here, and asks where somebody is there to answer. A folder without package.json gets trace2.config.json.',
    )
    .option('--agent <module or URL>', './src/agent.ts#agent, or the address of one')
    .option(
      '--command <line>',
      'a program instead: its words, or a JSON list of them, ["python3", "my agent.py"]',
    )
    .option('--store <file or URL>', `where runs are kept (default: ${usualStore})`)
    .option('--force', 'replace the configuration that is there')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'trace2 init',
        'trace2 init --agent ./src/agent.ts#agent',
        'trace2 init --command "python3 agent.py" --store prod.duckdb',
      ),
    )
    .action((options: InitOptions) => initialize(options, terminal))
}

async function initialize(options: InitOptions, terminal: Terminal): Promise<void> {
  const directory = process.cwd()
  const file = await fileFor(directory, options)
  const given = await givenAgent(options, directory)
  const found = given === undefined ? await findAgents(directory) : []
  const agent = given ?? (await chosenAgent(found, terminal))
  const config = { store: options.store ?? (await chosenStore(terminal)), agent }
  const isToReplace = existsSync(file)
  await writeFile(file, textOf(config, file, directory), isToReplace ? {} : { flag: 'wx' })
  const others = found.filter(({ setting }) => setting !== agent)
  if (options.json) {
    terminal.print(printableJson({ file, ...config, agent: agent ?? null, others }, 2))
    return
  }
  say(reportText(basename(file), config, others), terminal)
  terminal.next([existsSync(config.store) ? 'trace2 status' : 'trace2 collect'])
}

/** The file to write: that which is there, in its own form; else by what the folder is. */
async function fileFor(directory: string, { force, store }: InitOptions): Promise<string> {
  const there = configNames.map((name) => join(directory, name)).find((path) => existsSync(path))
  if (there !== undefined) {
    const bare = textOf({ store: store ?? usualStore, agent: undefined }, there, directory)
    // One that was written here without an agent, and that nobody has changed, has nothing to lose.
    if (force || (await readFile(there, 'utf8')) === bare) return there
    throw raise('T2_CONFIG_EXISTS', `This folder has a ${basename(there)} already.`)
  }
  const isPackage = existsSync(join(directory, 'package.json'))
  return join(directory, isPackage ? 'trace2.config.ts' : 'trace2.config.json')
}

function textOf(config: InitialConfig, file: string, directory: string): string {
  if (file.endsWith('.json')) return configJson(config)
  return configModule(config, isInstalled(directory))
}

function isInstalled(directory: string): boolean {
  try {
    createRequire(join(directory, 'here.js')).resolve('trace2/package.json')
    return true
  } catch {
    return false
  }
}

/** @throws {Trace2Error} `T2_USAGE` for an agent that cannot be one. */
async function givenAgent(
  { agent, command }: InitOptions,
  directory: string,
): Promise<AgentSetting | undefined> {
  if (agent !== undefined && command !== undefined) {
    throw raise('T2_USAGE', 'An agent is a module, an address or a command: say one of them.')
  }
  if (command !== undefined) return { command: commandWords(command, '--command') }
  return agent === undefined ? undefined : settingOf(agent, directory)
}

async function settingOf(text: string, directory: string): Promise<AgentSetting> {
  const agent = agentOf(text, directory)
  if (agent.kind === 'url') return { url: agent.url }
  if (agent.kind === 'module') await checkModule(agent)
  return text
}

/** @throws {Trace2Error} `T2_USAGE` for a file that is not there, or that does not export what is named. */
async function checkModule({
  file,
  export: name,
}: Extract<AgentDefinition, { readonly kind: 'module' }>): Promise<void> {
  const source = await readFile(file, 'utf8').catch((cause) => {
    throw raise('T2_USAGE', `There is no file ${file}.`, { cause })
  })
  const names = exportedNames(source)
  if (!names || names.has(name)) return
  const what = name === 'default' ? 'has no default export' : `does not export ${name}`
  const others = [...names].filter((each) => each !== 'default')
  const has =
    names.size === 0
      ? 'It exports nothing.'
      : `It exports ${[...names].join(', ')}${others[0] === undefined ? '' : `: name one as ${basename(file)}#${others[0]}`}.`
  throw raise('T2_USAGE', `${file} ${what}. ${has}`)
}

const mostShown = 9

/** The agent that a person chooses; without one, the likeliest. */
async function chosenAgent(
  found: readonly FoundAgent[],
  terminal: Terminal,
): Promise<AgentSetting | undefined> {
  const shown = found.slice(0, mostShown)
  const [first] = shown
  const lines = shown.map(({ setting, because }, index) => {
    return `  ${index + 1}  ${settingText(setting)}  (${because})`
  })
  const question =
    first === undefined
      ? 'Which module or address is the agent? (./src/agent.ts#agent; nothing for none)'
      : `${['Which is the agent?', ...lines].join('\n')}\nA number, a module or an address [1]:`
  const answer = (await terminal.ask(question))?.trim()
  if (answer === undefined || answer === '') return first?.setting
  const chosen = shown[Number(answer) - 1]
  return chosen ? chosen.setting : settingOf(answer, process.cwd())
}

async function chosenStore(terminal: Terminal): Promise<string> {
  const answer = (await terminal.ask(`Where are runs kept? [${usualStore}]:`))?.trim()
  return answer === undefined || answer === '' ? usualStore : answer
}

function settingText(setting: AgentSetting): string {
  if (typeof setting === 'string') return printable(setting)
  return printable('url' in setting ? setting.url : setting.command.join(' '))
}

function reportText(
  name: string,
  { store, agent }: InitialConfig,
  others: readonly FoundAgent[],
): readonly string[] {
  const isPython = agent !== undefined && typeof agent !== 'string' && 'command' in agent
  return [
    `Wrote ${name}: runs are kept in ${printable(store)}.`,
    agent === undefined
      ? `No agent was found here. Without one, recorded model calls can be tried. As soon as there is one, name it in the file, or write the file again with \`trace2 init --agent\`: ${guideUrl('running-agents')} has the forms.`
      : `The agent is ${settingText(agent)}.`,
    ...(isPython
      ? ['It gets each case as JSON on its standard input and prints its output as JSON.']
      : []),
    ...(others.length > 0
      ? [
          `It may also be ${others
            .slice(0, 3)
            .map(({ setting }) => settingText(setting))
            .join(', ')}: name it in the file.`,
        ]
      : []),
  ]
}

function say(lines: readonly string[], terminal: Terminal): void {
  for (const line of lines) {
    terminal.print(wrapped(asCalled(line, terminal.command), terminal.columns).join('\n'))
  }
}
