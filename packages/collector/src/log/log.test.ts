import { diag } from '@opentelemetry/api'
import { afterAll, expect, it } from 'vitest'
import { startLog } from './log.ts'

afterAll(() => diag.disable())

it('writes one JSON object a line, with what the libraries say', () => {
  const lines: string[] = []
  const log = startLog('info', { write: (line) => void lines.push(line) })
  log.info({ url: 'http://x' }, 'listening')
  diag.error('The store cannot be written', 7)
  diag.debug('not shown')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'info', msg: 'listening', url: 'http://x' }),
    expect.objectContaining({ level: 'error', msg: 'The store cannot be written 7' }),
  ])
})
