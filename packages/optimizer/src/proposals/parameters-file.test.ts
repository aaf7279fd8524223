import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { parameterVersion } from '@trace2/core'
import { loadParametersFile } from '@trace2/instrumentation/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { optimize } from '../step/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { accept, rollback } from './decide.ts'
import { readParametersFile } from './parameters-file.ts'

let agent: TestAgent
let directory: string
beforeEach(async () => {
  agent = await testAgent()
  directory = await mkdtemp(join(tmpdir(), 'trace2-'))
})
afterEach(async () => {
  await agent.store.close()
  await rm(directory, { recursive: true })
})

const model = 'simulated-small'

async function proposed(value: string, file: string, bases?: readonly string[]) {
  agent.answer('Where is my money?', { score: 0, comment: 'Too short for a refund.' })
  await agent.flush()
  const answer = JSON.stringify({ reasoning: '', suggestion: { [agent.greeting]: value } })
  await using server = await chatServer(() => answer)
  const options = bases ? { file, bases } : { file }
  return await optimize(agent.store, { model, client: server.client, ...options })
}

async function accepted(value: string, file: string, bases?: readonly string[]) {
  const { proposals } = await proposed(value, file, bases)
  return accept(
    agent.store,
    proposals.map(({ id }) => id),
    { file },
  )
}

const document = (entries: string) => `{ "trace2": 1, "parameters": { ${entries} } }`

describe('accepting into a parameters file', () => {
  it.each<[string, string | Uint8Array]>([
    ['with a byte order mark', `\uFEFF${document('"a": { "value": 1 }')}`],
    ['in UTF-16', Buffer.from(`\uFEFF${document('"a": { "value": 1 }')}`, 'utf16le')],
    [
      'with fields of people',
      document('"a": { "value": 1.0, "note": "mine" }').replace('{', '{ "$schema": "x",'),
    ],
    ['with an entry that is none', document('"a": { "note": "later" }')],
    [
      'with variants',
      document('"a": { "variants": [{ "value": "a", "weight": 9 }, { "value": "b" }] }'),
    ],
  ])('keeps the rest of one %s', async (_what, content) => {
    const file = join(directory, 'p.json')
    await writeFile(file, content)
    const before = await readFile(file)
    await accepted('Dear customer', file)
    const after = await readFile(file)
    const encoding = before[0] === 0xff ? 'utf16le' : 'utf8'
    const [was, is] = [before.toString(encoding), after.toString(encoding)]
    expect(
      is.startsWith(was.slice(0, was.lastIndexOf('}', was.lastIndexOf('}') - 1)).trimEnd()),
    ).toBe(true)
    expect((await readParametersFile(file)).get(agent.greeting)?.value).toBe('Dear customer')
    // The agent takes the same from it.
    loadParametersFile(file)
    expect(agent.answer('x')).toContain('Dear customer')
    await rollback(agent.store, agent.greeting, { file })
    expect((await readFile(file)).toString(encoding)).toBe(was)
  })

  it.each([
    ['empty', '', 'it is empty'],
    [
      'half a merge',
      '{"trace2":1,\n<<<<<<< HEAD\n"parameters":{}\n=======\n',
      'line 2 is the mark of a merge',
    ],
    ['no JSON', '{"trace2":1,', 'JSON'],
    ['no document', '[]', 'not a parameters document'],
    ['no text', new Uint8Array([0x7b, 0xff, 0x7d]), 'not UTF-8'],
  ])('that is %s changes nothing, for the agent neither', async (_what, content, why) => {
    const file = join(directory, 'p.json')
    const { proposals } = await proposed('Dear customer', file)
    await writeFile(file, content)
    const bytes = await readFile(file)
    const accepting = accept(
      agent.store,
      proposals.map(({ id }) => id),
      { file },
    )
    await expect(accepting).rejects.toMatchObject({
      code: 'T2_PARAMETERS_FILE',
      message: expect.stringContaining(why),
    })
    expect(await readFile(file)).toEqual(bytes)
    expect(await readdir(directory)).toEqual(['p.json'])
    const told: string[] = []
    const error = (message: string) => told.push(message)
    const ignore = () => undefined
    diag.setLogger(
      { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
    )
    loadParametersFile(file)
    diag.disable()
    expect(told.join()).toContain(why)
  })

  it('refuses a name that stands twice: one of the two would be lost', async () => {
    const file = join(directory, 'p.json')
    await writeFile(file, document('"a": { "value": 1 }, "a": { "value": 2 }'))
    await expect(readParametersFile(file)).rejects.toMatchObject({
      code: 'T2_PARAMETERS_FILE',
      message: expect.stringContaining('"a" twice'),
    })
  })

  it('follows a link, also to a file that does not exist yet, and keeps its mode', async () => {
    await mkdir(join(directory, 'real'))
    const [link, real] = [join(directory, 'link.json'), join(directory, 'real', 'p.json')]
    await symlink('real/p.json', link)
    await accepted('One', link)
    await chmod(real, 0o640)
    await accepted('Two', link)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await stat(real)).mode & 0o777).toBe(0o640)
    expect((await readParametersFile(real)).get(agent.greeting)?.value).toBe('Two')
    expect(await readdir(join(directory, 'real'))).toEqual(['p.json'])
  })

  it('says that a folder is missing', async () => {
    const file = join(directory, 'none', 'p.json')
    const { proposals } = await proposed('One', file)
    const accepting = accept(
      agent.store,
      proposals.map(({ id }) => id),
      { file },
    )
    await expect(accepting).rejects.toMatchObject({ code: 'T2_PARAMETERS_UNWRITABLE' })
    expect(await agent.store.proposals({ status: 'open' })).toHaveLength(1)
  })
})

describe('a parameter with variants', () => {
  const variants = (texts: readonly string[]) =>
    texts.map((value, at) => ({ value, weight: 9 - at, note: `${at}` }))
  let file: string
  beforeEach(async () => {
    file = join(directory, 'p.json')
    const entry = { variants: variants(['Hello', 'Hi', 'Hey']) }
    await writeFile(file, JSON.stringify({ trace2: 1, parameters: { [agent.greeting]: entry } }))
  })
  const arms = async () => JSON.parse(await readFile(file, 'utf8')).parameters[agent.greeting]

  it.each([
    ['the heaviest arm', undefined, 'Hello'],
    ['the arm of a version', [parameterVersion('Hi')], 'Hi'],
    ['the arm of the beginning of a version', [parameterVersion('Hey').slice(0, 6)], 'Hey'],
  ])('is changed in %s; the others and all weights stay', async (_what, bases, base) => {
    const { proposals, variables } = await proposed('Dear customer', file, bases)
    expect(proposals).toMatchObject([
      { baseValue: base, base: { source: 'file', arms: [{}, {}, {}] } },
    ])
    expect(variables.find(({ name }) => name === agent.greeting)?.version).toBe(
      parameterVersion(base),
    )
    await accept(
      agent.store,
      proposals.map(({ id }) => id),
      { file },
    )
    const texts = ['Hello', 'Hi', 'Hey'].map((text) => (text === base ? 'Dear customer' : text))
    expect(await arms()).toEqual({ variants: variants(texts) })
    await rollback(agent.store, agent.greeting, { file })
    expect(await arms()).toEqual({ variants: variants(['Hello', 'Hi', 'Hey']) })
  })

  it('takes a place in the order of weights for a base, and names the arms where there is none', async () => {
    const { proposals } = await proposed('Dear', file, [`${agent.greeting}=2`])
    expect(proposals).toMatchObject([{ baseValue: 'Hi' }])
    await expect(proposed('Dear', file, ['0000'])).rejects.toMatchObject({
      code: 'T2_BASE_UNKNOWN',
      message: expect.stringContaining(parameterVersion('Hey')),
    })
  })

  it('does not take the value of one arm for another', async () => {
    const { proposals } = await proposed('Hi', file)
    await expect(
      accept(
        agent.store,
        proposals.map(({ id }) => id),
        { file },
      ),
    ).rejects.toMatchObject({
      code: 'T2_PROPOSAL_CONFLICT',
    })
  })

  it('is in conflict once the arm is no longer there', async () => {
    const { proposals } = await proposed('Dear', file)
    await writeFile(
      file,
      JSON.stringify({
        trace2: 1,
        parameters: { [agent.greeting]: { variants: variants(['A', 'B']) } },
      }),
    )
    await expect(
      accept(
        agent.store,
        proposals.map(({ id }) => id),
        { file },
      ),
    ).rejects.toMatchObject({
      code: 'T2_PROPOSAL_CONFLICT',
      message: expect.stringContaining(parameterVersion('A')),
    })
  })
})
