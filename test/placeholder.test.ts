import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { portableSha256 } from '../packages/instrumentation/src/semconv/sha256.ts'

it('x', () => {
  expect(portableSha256('héllo')).toBe(createHash('sha256').update('héllo').digest('hex'))
})
