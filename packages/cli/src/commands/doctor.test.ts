import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'

test('a missing database is said to be, with what to do, and ends with 1', async () => {
  const cwd = temporaryDirectory()
  const { code, out, err } = await command(['doctor'], { cwd })
  expect(code).toBe(1)
  expect(out).toContain('There is no file')
  expect(err).toContain('error T2_DOCTOR')
})

test('an address is no file', async () => {
  expect((await command(['doctor', '--db', 'http://127.0.0.1:9'])).code).toBe(2)
})
