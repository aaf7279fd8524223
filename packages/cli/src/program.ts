import { readFileSync } from 'node:fs'
import { Command, Help } from 'commander'
import { addAccept } from './commands/accept.ts'
import { addBackup } from './commands/backup.ts'
import { addCollect } from './commands/collect.ts'
import { addCompare } from './commands/compare.ts'
import { addCompletion } from './commands/completion.ts'
import { addDataset } from './commands/dataset.ts'
import { addDatasets } from './commands/datasets.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addExport } from './commands/export.ts'
import { addFeedback } from './commands/feedback.ts'
import { addGraph } from './commands/graph.ts'
import { addImport } from './commands/import.ts'
import { addInit } from './commands/init.ts'
import { addJudge } from './commands/judge.ts'
import { addOptimize } from './commands/optimize.ts'
import { addParameters } from './commands/parameters.ts'
import { addProposals } from './commands/proposals.ts'
import { addReject } from './commands/reject.ts'
import { addReport } from './commands/report.ts'
import { addRestore } from './commands/restore.ts'
import { addRetain } from './commands/retain.ts'
import { addRollback } from './commands/rollback.ts'
import { addRuns } from './commands/runs.ts'
import { addShow } from './commands/show.ts'
import { addSimulatedModel } from './commands/simulated-model.ts'
import { addSql } from './commands/sql.ts'
import { addStatus } from './commands/status.ts'
import { addVerdict } from './commands/verdict.ts'
import { takeDefaultsFromConfiguration } from './config/defaults.ts'
import { refuseBlanks } from './options/blanks.ts'
import { asCalled } from './terminal/called.ts'
import type { Terminal } from './terminal/terminal.ts'
import { examples, fittedHelp } from './text/examples.ts'

/** The whole command, writing to the given terminal. It throws instead of ending the process. */
export function createProgram(terminal: Terminal): Command {
  const help = new Help()
  const called = (text: string) => asCalled(text, terminal.command)
  const program = new Command('trace2')
    .description(
      'AutoDiff for AI agents: collect runs, give feedback, optimize prompts, code and numbers.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureHelp({
      styleTitle: (title) => terminal.paint('strong', title),
      styleCommandText: (text) => terminal.paint('strong', text),
      commandUsage: (command) => called(help.commandUsage(command)),
      commandDescription: (command) => called(help.commandDescription(command)),
      optionDescription: (option) => called(help.optionDescription(option)),
      helpWidth: Math.min(terminal.columns, 100),
      // Beside long options little is left of a narrow terminal; without this, nothing would be wrapped there.
      minWidthToWrap: 16,
    })
    .configureOutput({
      writeOut: (text) => terminal.print(fittedHelp(text.trimEnd(), terminal)),
      // Usage errors are reported like all others, by whoever runs the program.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(terminal.columns, 100),
    })
    .addHelpText('after', examples('trace2 demo', 'trace2 collect', 'trace2 optimize --since 7d'))

  program.commandsGroup('Start here:')
  addDemo(program, terminal)
  addInit(program, terminal)
  addStatus(program, terminal)
  addSimulatedModel(program, terminal)
  program.addHelpCommand(
    new Command('help').argument('[command]').summary('print the help of a command'),
  )
  program.commandsGroup('Get runs in:')
  addCollect(program, terminal)
  addImport(program, terminal)
  program.commandsGroup('Look at them:')
  addRuns(program, terminal)
  addGraph(program, terminal)
  addParameters(program, terminal)
  addCompare(program, terminal)
  program.commandsGroup('Improve the agent:')
  addFeedback(program, terminal)
  addJudge(program, terminal)
  addOptimize(program, terminal)
  addProposals(program, terminal)
  addShow(program, terminal)
  program.commandsGroup('Try what is proposed:')
  addEvaluate(program, terminal)
  addVerdict(program, terminal)
  addReport(program, terminal)
  program.commandsGroup('Decide:')
  addAccept(program, terminal)
  addReject(program, terminal)
  addRollback(program, terminal)
  program.commandsGroup('Prove it:')
  addDatasets(program, terminal)
  addDataset(program, terminal)
  program.commandsGroup('Keep it running:')
  addDoctor(program, terminal)
  addBackup(program, terminal)
  addRestore(program, terminal)
  addRetain(program, terminal)
  program.commandsGroup('Use the data elsewhere:')
  addSql(program, terminal)
  addExport(program, terminal)
  program.commandsGroup('Set up the shell:')
  addCompletion(program, terminal)
  refuseBlanks(program)
  takeDefaultsFromConfiguration(program)
  return program
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return String(Object(manifest).version)
}
