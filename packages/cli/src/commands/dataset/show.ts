import { printableJson } from '@trace2/core'
import { type DatabaseOptions, suggested, withStore } from '../../options/database.ts'
import { type DatasetOptions, namedVersion } from '../../options/dataset.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { caseTable, descriptionText, warningLines } from '../../text/dataset.ts'

/** Cases that are listed unless all are asked for. */
const few = 10

/** Shows what a version consists of, and some of its cases; with `--show`, all of them. */
export async function showDataset(
  named: string,
  options: DatasetOptions & DatabaseOptions,
  terminal: Terminal,
): Promise<void> {
  const { describeDataset } = await import('@trace2/evaluation/datasets')
  const { name, version } = namedVersion(named)
  const dataset = await withStore(options, (store) => store.dataset(name, version))
  const description = describeDataset(dataset)
  const { cases } = dataset
  if (options.json) {
    return terminal.print(
      printableJson(options.show ? { ...description, list: cases } : description, 2),
    )
  }
  terminal.print(descriptionText(description, terminal))
  const listed = options.show ? cases : cases.slice(0, few)
  if (listed.length > 0) terminal.print(`\n${caseTable(listed, terminal)}`)
  for (const line of warningLines(description.warnings, terminal)) terminal.note(line, 'exact')
  if (listed.length < cases.length) {
    terminal.next([suggested(`trace2 dataset ${named} --show`, options)])
  }
}
