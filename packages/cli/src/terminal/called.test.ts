import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asCalled, commandHere } from './called.ts'

const local = '/home/me/agent/node_modules/.bin/trace2'

test.each([
  ['a shell that finds it', {}, '/usr/local/bin/trace2', 'trace2'],
  [
    'npx',
    { npm_command: 'exec', npm_config_user_agent: 'npm/11.0.0 node/v24' },
    local,
    'npx trace2',
  ],
  [
    'a script of a project',
    { npm_command: 'run-script', npm_config_user_agent: 'npm/11.0.0', npm_package_name: 'agent' },
    local,
    'npx trace2',
  ],
  [
    'a script of this repository',
    {
      npm_command: 'run-script',
      npm_config_user_agent: 'npm/11.0.0',
      npm_package_name: 'trace2-workspace',
    },
    local,
    'npm run trace2 --',
  ],
  ['pnpm', { npm_config_user_agent: 'pnpm/9.1.0 npm/? node/v22' }, local, 'pnpm exec trace2'],
  ['yarn', { npm_config_user_agent: 'yarn/1.22.22 npm/? node/v22' }, local, 'yarn trace2'],
  ['bun', { npm_config_user_agent: 'bun/1.2.0' }, local, 'bunx trace2'],
  ['its path', { PATH: '/usr/bin:/bin' }, local, 'npx trace2'],
  [
    'its name, in a shell that looks there',
    { PATH: '/usr/bin:/home/me/agent/node_modules/.bin' },
    local,
    'trace2',
  ],
  ['nothing that is known', {}, undefined, 'trace2'],
])('started by %s', (_what, env, file, wanted) => {
  expect(commandHere({ env, file })).toBe(wanted)
})

test.each([
  [
    '`trace2 runs` lists them; `trace2 --help`',
    '`npx trace2 runs` lists them; `npx trace2 --help`',
  ],
  ['trace2 show p-1', 'npx trace2 show p-1'],
  ['  $ trace2 runs --db trace2.duckdb', '  $ npx trace2 runs --db trace2.duckdb'],
  ['source <(trace2 completion bash)', 'source <(npx trace2 completion bash)'],
  ['No runs in trace2 of mine', 'No runs in trace2 of mine'],
  ['{"trace2": 1} in trace2.parameters.json', '{"trace2": 1} in trace2.parameters.json'],
])('%s', (text, wanted) => {
  expect(asCalled(text, 'npx trace2')).toBe(wanted)
})

test('what is called as here stays so, and other text stays as it is', () => {
  const piece = fc.constantFrom(
    '`trace2 runs`',
    'trace2.duckdb',
    'Trace2',
    ' ',
    '`',
    '$ ',
    '$1',
    '\n',
  )
  const command = fc.constantFrom('trace2', 'npx trace2', 'npm run trace2 --', "a'$&b")
  fc.assert(
    fc.property(fc.array(piece), command, (pieces, here) => {
      const once = asCalled(pieces.join(''), here)
      expect(asCalled(once, here)).toBe(once)
      expect(asCalled(pieces.join(''), 'trace2')).toBe(pieces.join(''))
    }),
  )
})
