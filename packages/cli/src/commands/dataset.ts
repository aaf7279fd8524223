import { type Command, Option } from 'commander'
import { type DatabaseOptions, databaseOption } from '../options/database.ts'
import { chosenAction, type DatasetOptions } from '../options/dataset.ts'
import { repeated, shareArgument, wholeNumber } from '../options/numbers.ts'
import { addRunOptions } from '../options/runs.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { exportDataset } from './dataset/export.ts'
import { putFile, putRuns, removeFromDataset } from './dataset/put.ts'
import { showDataset } from './dataset/show.ts'

/** Runs that are looked at unless the options say otherwise. */
const usualLimit = 1000

export function addDataset(program: Command, terminal: Terminal): void {
  const command = program
    .command('dataset')
    .summary('make, change, show or export a dataset')
    .description(
      'Makes a dataset of stored runs or of a file, and changes it: each change is a new version, and the ones before it stay. Cases fall into train, validation and holdout by their group (a session, a name, or inputs that are nearly the same), and stay there whatever is added.',
    )
    .argument('<name>', 'the dataset; NAME@3 is its third version, to show or export')
    .option('--from-runs', 'cases of stored runs: their input, feedback and corrections')
    .option('--file <path>', 'cases of a file: JSON lines, or CSV with a header')
    .option(
      '--add [path]',
      'add to the cases that there are: those of a file, or of --from-runs or --file',
    )
    .option(
      '--remove <id>',
      'remove a case, by its id or the beginning of it (repeatable)',
      repeated,
    )
    .option('--export <path>', 'write the cases to a file: .csv, else JSON lines')
    .option('--show', 'show what it consists of, and its cases')
  addRunOptions(command, usualLimit)
    .option('--runs <id>', 'this run (repeatable)', repeated)
    .option('--parameter <name>', 'runs that used this parameter')
    .option('--sample <n>', 'so many of the runs, by lot', wholeNumber(1))
    .addOption(
      new Option(
        '--sampling <how>',
        'each run with the same chance, or each kind of failure before any comes twice',
      ).choices(['uniform', 'failures']),
    )
    .option('--seed <n>', 'of the lot (default: 1)', wholeNumber(0))
    .addOption(
      new Option(
        '--reference-from <what>',
        'what a case should give: corrections among the feedback (default), else the output of runs that scored well',
      ).choices(['corrections', 'good-runs', 'none']),
    )
    .option(
      '--correction <name>',
      'a name of feedback whose label or comment is the right output (repeatable)',
      repeated,
    )
    .option(
      '--references <file>',
      'JSON with what should have come out: [{"run" or "input": …, "reference": …}], as `trace2 judge` reads it',
    )
    .option('--good-from <score>', 'from which score a run is good (default: 0.8)', shareArgument)
    .option('--shares <shares>', 'percent of train/validation/holdout (default: 60/20/20)')
    .option(
      '--no-similar',
      'group by names and sessions alone, not by inputs that are nearly the same',
    )
    .option('--escape-formulas', 'in a CSV export, put \u0027 before what a spreadsheet would run')
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples(
        'trace2 dataset tickets --from-runs --since 30d --sample 300',
        'trace2 dataset tickets --add corrected.csv',
        'trace2 dataset tickets --export tickets.jsonl',
      ),
    )
    .action((name: string, options: DatasetOptions & DatabaseOptions) =>
      act(name, options, terminal),
    )
}

async function act(
  name: string,
  options: DatasetOptions & DatabaseOptions,
  terminal: Terminal,
): Promise<void> {
  switch (chosenAction(name, options)) {
    case 'runs':
      return putRuns(name, { ...options, limit: options.limit ?? usualLimit }, terminal)
    case 'file':
      return putFile(name, options, terminal)
    case 'remove':
      return removeFromDataset(name, options, terminal)
    case 'export':
      return exportDataset(name, options, terminal)
    case 'show':
      return showDataset(name, options, terminal)
  }
}
