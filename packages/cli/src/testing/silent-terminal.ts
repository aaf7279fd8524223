import type { Terminal } from '../terminal/terminal.ts'

/** A terminal of 80 columns that shows nothing, for tests that look at the program itself. */
export const silentTerminal: Terminal = {
  columns: 80,
  interactive: false,
  command: 'trace2',
  paint: (_tone, text) => text,
  paintNote: (_tone, text) => text,
  print() {},
  note() {},
  hint() {},
  next() {},
  confirm: async () => undefined,
  ask: async () => undefined,
  progress: () => ({ update() {}, stop() {} }),
  interruption: () => new AbortController().signal,
  serve: () => {},
}
