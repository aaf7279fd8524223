import { expect, test } from 'vitest'
import { exportedNames } from './exported-names.ts'

test.each<[string, readonly string[]]>([
  ["export const agent: Agent = run('a', f)", ['agent']],
  ['export async function answer() {}\nexport default class Other {}', ['answer', 'default']],
  ['const a = 1\nexport { a as agent, b, c as default }', ['agent', 'b', 'default']],
  ['export const one = 1, two = 2', ['one', 'two']],
  ['// export const gone = 1\n/* export const too = 1 */\nexport function* all() {}', ['all']],
  ['const agent = run(f)\nagent()', []],
  ['export type { T }\nexport interface I {}\nexport const x = 1', ['x']],
])('of %j these are exported: %j', (source, names) => {
  expect([...(exportedNames(source) ?? [])].sort()).toEqual([...names].sort())
})

test.each(["export * from './agent.ts'", 'module.exports = { agent }', 'export const { a } = b'])(
  'of %j nobody can say',
  (source) => {
    expect(exportedNames(source)).toBeUndefined()
  },
)
