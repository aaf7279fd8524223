import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { displayWidth } from '@trace2/optimizer/render'
import { expect, test } from 'vitest'
import { createProgram } from './program.ts'
import { command, temporaryDirectory } from './testing/command.ts'
import { recordedRequest } from './testing/sample-agent.ts'
import { silentTerminal } from './testing/silent-terminal.ts'

/** Lines that a terminal of so many columns would break wherever they happen to reach its edge. */
function tooLong(text: string, columns: number): string[] {
  return text.split('\n').filter((line) => displayWidth(line) > columns)
}

test('help has no line that is wider than the terminal', () => {
  for (const columns of [60, 80]) {
    const lines: string[] = []
    const print = (text: string) => {
      lines.push(text)
    }
    const program = createProgram({ ...silentTerminal, columns, print })
    for (const one of [program, ...program.commands.filter((one) => one.name() !== 'help')]) {
      one.outputHelp()
    }
    // What is quoted for a shell is one word, and stays whole.
    const wide = tooLong(lines.join('\n'), columns)
    expect(wide.filter((line) => !/^ +(".*"|'.*')( \\)?$/.test(line))).toEqual([])
  }
})

const commands: readonly (readonly string[])[] = [
  ['status'],
  ['runs'],
  ['graph', 'last'],
  ['graph', 'last', '--backward'],
  ['parameters'],
  ['parameters', 'triage.system', '--history'],
  ['feedback', 'last'],
  ['feedback', 'last', '--score', '0', '--comment', 'A refund belongs to billing.'],
  ['feedback', '--agreement'],
  ['proposals'],
  ['optimize', '--dry-run', '--model', 'gpt-5-mini'],
  ['judge', '--contains', 'refund'],
  ['accept', 'p-unknown'],
  ['rollback', 'triage.unknown'],
  ['show', 'p-unknown'],
  ['import', 'a.jsonl'],
  ['doctor'],
]

test('no command writes a line that is wider than the terminal', { timeout: 240_000 }, async () => {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund', 'a password'], 'json')
  writeFileSync(join(cwd, 'a.jsonl'), body)
  await command(['import', 'a.jsonl'], { cwd })
  for (const columns of [60, 80]) {
    for (const args of commands) {
      const { out, err } = await command(args, { cwd, env: { COLUMNS: `${columns}` } })
      expect(tooLong(out + err, columns), args.join(' ')).toEqual([])
    }
  }
})
