import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandWords } from './command-line.ts'

test('words of a line, and texts of a list', () => {
  expect(commandWords('  python3  agent.py --fast ', '--command')).toEqual([
    'python3',
    'agent.py',
    '--fast',
  ])
  expect(commandWords('["python3", "my agent.py"]', '--command')).toEqual([
    'python3',
    'my agent.py',
  ])
})

test('a list gives exactly its texts, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
      expect(commandWords(JSON.stringify(words), '--command')).toEqual(words)
    }),
  )
})

test.each([
  '',
  '  ',
  '[]',
  '[1]',
  '[""]',
  '["a"',
  'python3 "my agent.py"',
  "sh -c 'echo {}'",
  'a && b',
  'a | b',
  'a > b',
  'echo $HOME',
  'node *.js',
  'echo `date`',
])('%j is refused, since a shell would read it in another way or it names nothing', (line) => {
  expect(() => commandWords(line, '--agent-command')).toThrow(
    expect.objectContaining({
      code: 'T2_USAGE',
      message: expect.stringContaining('--agent-command'),
    }),
  )
})
