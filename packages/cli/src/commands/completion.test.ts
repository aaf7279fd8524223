import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createProgram } from '../program.ts'
import { command, temporaryDirectory } from '../testing/command.ts'
import { silentTerminal } from '../testing/silent-terminal.ts'

/** What is offered for the last of some words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { out, code } = await command(['complete', '--', ...words])
  expect(code).toBe(0)
  const lines = out.trim().split('\n')
  expect(lines.at(-1)).toMatch(/^:\d+$/)
  return lines.slice(0, -1).map((line) => line.split('\t')[0] ?? '')
}

test('every command is offered, but none that is hidden', async () => {
  const program = await createProgram(silentTerminal)
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map((one) => one.name())
  expect(names).toContain('completion')
  const all = await offered('')
  expect([...all].sort()).toEqual(expect.arrayContaining(names.filter((name) => name !== 'help')))
  expect(all).not.toContain('complete')
})

test.each([
  ['a command from its beginning', ['para'], ['parameters']],
  ['the options of a command', ['collect', '--token'], ['--token-file']],
  [
    'the choices of an option',
    ['proposals', '--status', ''],
    ['open', 'accepted', 'rejected', 'rolled-back'],
  ],
  ['a choice from its beginning', ['feedback', 'last', '--source', 'h'], ['human']],
  ['the choices of an argument', ['completion', 'z'], ['zsh']],
])('%s', async (_what, words, wanted) => {
  expect(await offered(...words)).toEqual(wanted)
})

test('nothing is offered, and nothing breaks, for words that are none of ours', async () => {
  for (const words of [
    ['nothing', ''],
    ['runs', '--nothing', ''],
    ['$(x)', '--', '-'],
    ['--', '--'],
  ]) {
    await offered(...words)
  }
})

test('a shell that is not known is a usage error that names those that are', async () => {
  const { code, err } = await command(['completion', 'tcsh'])
  expect(code).toBe(2)
  expect(err).toContain('zsh, bash, fish')
})

const bash = spawnSync('bash', ['--version']).status === 0

test.runIf(bash)('bash completes with it, without the bash-completion package', async () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'bin'))
  const binary = fileURLToPath(new URL('../../bin/trace2.js', import.meta.url))
  symlinkSync(binary, join(directory, 'bin', 'trace2'))
  const { out } = await command(['completion', 'bash'])
  writeFileSync(join(directory, 'completion.bash'), out)
  // What bash does when the key is pressed, in a shell that nobody types into.
  const script = `source ./completion.bash
    compopt() { :; }
    COMP_WORDS=(trace2 proposals --status ''); COMP_CWORD=3; COMP_LINE='trace2 proposals --status '; COMP_POINT=\${#COMP_LINE}
    $(complete -p trace2 | sed -E 's/.*-F ([^ ]+).*/\\1/')
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const path = `${join(directory, 'bin')}${delimiter}${process.env.PATH}`
  const env = { ...process.env, PATH: path }
  const { stdout } = spawnSync('bash', ['--norc', '-c', script], {
    cwd: directory,
    env,
    encoding: 'utf8',
  })
  expect(stdout.trim().split(/\s+/)).toEqual(['open', 'accepted', 'rejected', 'rolled-back'])
})

test.runIf(bash)(
  'bash reads the script twice, or after another one of its kind, in silence',
  async () => {
    const directory = temporaryDirectory()
    const { out } = await command(['completion', 'bash'])
    writeFileSync(join(directory, 'completion.bash'), out)
    for (const before of ['', 'readonly ShellCompDirectiveNoSpace=2']) {
      const script = `${before}
      source ./completion.bash && source ./completion.bash
      complete -p trace2; type -t readonly; echo "$ShellCompDirectiveNoSpace $ShellCompDirectiveKeepOrder"`
      const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
        cwd: directory,
        encoding: 'utf8',
      })
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^complete -F \S+ trace2\nbuiltin\n2 32\n$/)
    }
  },
)

test.each(['zsh', 'fish', 'powershell'])(
  'a script for %s calls trace2 by its name',
  async (shell) => {
    const { code, out } = await command(['completion', shell])
    expect(code).toBe(0)
    expect(out).toContain('trace2 complete')
  },
)
