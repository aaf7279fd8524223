#!/usr/bin/env node
import { errorNote, run } from './run.ts'
import { outputError, watchOutput } from './terminal/output.ts'
import { processTerminal } from './terminal/terminal.ts'

const args = process.argv.slice(2)
const output = watchOutput(process)
const terminal = processTerminal(process, output.serve)
let code = await run(args, terminal)
const lost = await output.written()
if (lost) {
  terminal.note(errorNote(outputError(lost), args, terminal), 'exact')
  code ||= 1
}
// Not before all is written, and not later: an idle connection to a model would keep the process for seconds.
process.stderr.write('', () => process.exit(code))
