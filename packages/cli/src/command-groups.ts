import type { Command } from 'commander'
import type { Terminal } from './terminal/terminal.ts'

/** Adds a command to the program. */
type Add = (program: Command, terminal: Terminal) => void

interface CommandGroup {
  readonly title: string
  /** How each command is loaded, by its name. Who asks for one does not wait for what the others need. */
  readonly commands: Readonly<Record<string, () => Promise<Add>>>
}

/** The commands, in the order of the help. */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Start here:',
    commands: {
      demo: async () => (await import('./commands/demo.ts')).addDemo,
      init: async () => (await import('./commands/init.ts')).addInit,
      status: async () => (await import('./commands/status.ts')).addStatus,
      'simulated-model': async () =>
        (await import('./commands/simulated-model.ts')).addSimulatedModel,
      help: async () => addHelp,
    },
  },
  {
    title: 'Get runs in:',
    commands: {
      collect: async () => (await import('./commands/collect.ts')).addCollect,
      import: async () => (await import('./commands/import.ts')).addImport,
    },
  },
  {
    title: 'Look at them:',
    commands: {
      runs: async () => (await import('./commands/runs.ts')).addRuns,
      graph: async () => (await import('./commands/graph.ts')).addGraph,
      parameters: async () => (await import('./commands/parameters.ts')).addParameters,
      compare: async () => (await import('./commands/compare.ts')).addCompare,
    },
  },
  {
    title: 'Improve the agent:',
    commands: {
      feedback: async () => (await import('./commands/feedback.ts')).addFeedback,
      judge: async () => (await import('./commands/judge.ts')).addJudge,
      optimize: async () => (await import('./commands/optimize.ts')).addOptimize,
      proposals: async () => (await import('./commands/proposals.ts')).addProposals,
      show: async () => (await import('./commands/show.ts')).addShow,
    },
  },
  {
    title: 'Try what is proposed:',
    commands: {
      evaluate: async () => (await import('./commands/evaluate.ts')).addEvaluate,
      verdict: async () => (await import('./commands/verdict.ts')).addVerdict,
      report: async () => (await import('./commands/report.ts')).addReport,
    },
  },
  {
    title: 'Decide:',
    commands: {
      accept: async () => (await import('./commands/accept.ts')).addAccept,
      reject: async () => (await import('./commands/reject.ts')).addReject,
      rollback: async () => (await import('./commands/rollback.ts')).addRollback,
    },
  },
  {
    title: 'Prove it:',
    commands: {
      datasets: async () => (await import('./commands/datasets.ts')).addDatasets,
      dataset: async () => (await import('./commands/dataset.ts')).addDataset,
    },
  },
  {
    title: 'Keep it running:',
    commands: {
      doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
      backup: async () => (await import('./commands/backup.ts')).addBackup,
      restore: async () => (await import('./commands/restore.ts')).addRestore,
      retain: async () => (await import('./commands/retain.ts')).addRetain,
    },
  },
  {
    title: 'Use the data elsewhere:',
    commands: {
      sql: async () => (await import('./commands/sql.ts')).addSql,
      export: async () => (await import('./commands/export.ts')).addExport,
    },
  },
  {
    title: 'Set up the shell:',
    // It knows the options and choices of all that come before it.
    commands: { completion: async () => (await import('./commands/completion.ts')).addCompletion },
  },
]

/** Commands that tell of the others. */
const ofOthers: ReadonlySet<string> = new Set(['help', 'completion'])

/** The name of the one command that a command line needs; `undefined` where it may tell of any. */
export function neededCommand([first = '']: readonly string[]): string | undefined {
  const known = commandGroups.some(({ commands }) => Object.hasOwn(commands, first))
  return known && !ofOthers.has(first) ? first : undefined
}

function addHelp(program: Command): void {
  program.addHelpCommand(
    program.createCommand('help').argument('[command]').summary('print the help of a command'),
  )
}
