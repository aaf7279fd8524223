import { PassThrough } from 'node:stream'
import { processTerminal } from '../terminal/terminal.ts'

/** A terminal that someone looks at, and what it shows: results, notes, hints and the next commands. */
export function recordedTerminal(columns: number, env: NodeJS.ProcessEnv = {}) {
  let text = ''
  const stream = (isTTY: boolean) => {
    const output = new PassThrough()
    output.on('data', (chunk) => {
      text += String(chunk)
    })
    return Object.assign(output, { isTTY, columns })
  }
  const terminal = processTerminal({
    stdout: stream(true),
    // Progress would draw over itself.
    stderr: stream(false),
    env: { NO_COLOR: '1', ...env },
    argv: [],
  })
  return { terminal, text: () => text }
}
