#!/usr/bin/env node
import { run } from './run.ts'
import { processTerminal } from './terminal/terminal.ts'

// A reader that has seen enough (`| head`) closes the pipe: no error, and nothing more to do.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

const code = await run(process.argv.slice(2), processTerminal())
// Not before all is written, and not later: an idle connection to a model would keep the process for seconds.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
