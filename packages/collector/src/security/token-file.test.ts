import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { tokenFile } from './token-file.ts'

const directory = temporaryDirectory()
const path = join(directory, 'tokens')
afterEach(() => diag.disable())

/** The tokens of a file, with a clock that goes on by two seconds at each look. */
function looking(): () => readonly string[] {
  let time = 0
  return tokenFile(path, () => {
    time += 2000
    return time
  })
}

it('takes new tokens, and forgets old ones, while it is in use', () => {
  writeFileSync(path, 'the-first-of-tokens\n')
  const tokens = looking()
  expect(tokens()).toEqual(['the-first-of-tokens'])
  writeFileSync(path, 'the-first-of-tokens read:the-second-of-tokens\n')
  expect(tokens()).toEqual(['the-first-of-tokens', 'read:the-second-of-tokens'])
  writeFileSync(path, 'read:the-second-of-tokens')
  expect(tokens()).toEqual(['read:the-second-of-tokens'])
})

it.each([
  ['is gone', () => rmSync(path)],
  ['is empty', () => writeFileSync(path, ' \n')],
  ['holds one that is too short', () => writeFileSync(path, 'short')],
])('keeps the tokens of a file that %s, and says so once', (_, change) => {
  writeFileSync(path, 'the-first-of-tokens\n')
  const tokens = looking()
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const logger = { error: say, warn: say, info: say, debug: say, verbose: say }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  change()
  for (let times = 0; times < 3; times++) expect(tokens()).toEqual(['the-first-of-tokens'])
  expect(said).toEqual([expect.stringContaining('stay as they are')])
})

it('leaves comments out, and says in which line there is no token', () => {
  writeFileSync(path, '# of the agents\ningest:the-token-of-agents # rotated in May\n\n')
  expect(tokenFile(path)()).toEqual(['ingest:the-token-of-agents'])
  writeFileSync(path, 'ingest:the-token-of-agents\ningst:the-token-of-others\n')
  expect(() => tokenFile(path)).toThrow(
    `${path}:2: There is no scope ingst: ingest, read or admin.`,
  )
  writeFileSync(path, 'ingest: the-token-of-agents\n')
  expect(() => tokenFile(path)).toThrow(`${path}:1: A token needs at least 16`)
})

it('asks the file at most once a second', () => {
  writeFileSync(path, 'the-first-of-tokens\n')
  let time = 0
  const tokens = tokenFile(path, () => time)
  writeFileSync(path, 'the-second-of-tokens\n')
  time = 999
  expect(tokens()).toEqual(['the-first-of-tokens'])
  time = 1000
  expect(tokens()).toEqual(['the-second-of-tokens'])
})

it.each([
  ['is missing', undefined],
  ['is empty', ''],
  ['holds a scope without a token', 'ingest:'],
])('is an error at the start where the file %s', (_, content) => {
  rmSync(path, { force: true })
  if (content !== undefined) writeFileSync(path, content)
  expect(() => tokenFile(path)).toThrow(expect.objectContaining({ code: 'T2_CONFIG' }))
})
