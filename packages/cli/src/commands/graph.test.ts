import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

async function databaseOf(...tickets: string[]) {
  const cwd = temporaryDirectory()
  const { traceIds, body } = await recordedRequest(tickets, 'json')
  writeFileSync(join(cwd, 'runs.jsonl'), body)
  await command(['import', 'runs.jsonl'], { cwd })
  return { traceIds, trace2: (...args: string[]) => command(args, { cwd }) }
}

test('a run is named by its id, the beginning of it, or as the last one', async () => {
  const { traceIds, trace2 } = await databaseOf('a refund', 'a refund')
  const [first = '', last = ''] = traceIds
  expect((await trace2('graph', first)).out).toContain(first)
  expect((await trace2('graph', first.slice(0, 12))).out).toContain(first)
  expect((await trace2('graph', 'last')).out).toContain(last)
  const unknown = await trace2('graph', 'ffffffffffffffffffffffffffffffff')
  expect(unknown.code).toBe(1)
  expect(unknown.err).toContain('error T2_RUN_UNKNOWN')
})

test('the backward view says what feedback reaches and why not the rest', async () => {
  const { trace2 } = await databaseOf('a refund')
  const { out } = await trace2('graph', 'last', '--backward')
  expect(out).toContain('★ accuracy 0 (code)')
  expect(out).toMatch(/◆ triage\.system is reached\n.*support-agent ← .*triage\.system/)
  expect(out).toMatch(/◇ triage\.limit is not reached\n.*not trainable/)
  const narrowed = await trace2('graph', 'last', '--backward', '--edges', 'text')
  expect(narrowed.out).toMatch(/◆ triage\.system is not reached\n.*kinds that were not chosen/)
})

test('every format shows the same graph', async () => {
  const { trace2 } = await databaseOf('a refund')
  const json = JSON.parse((await trace2('graph', 'last', '--format', 'json', '--backward')).out)
  const nodes = json.graph.nodes.length
  expect(json.backward.reached).toHaveLength(2)
  const mermaid = (await trace2('graph', 'last', '--format', 'mermaid')).out
  expect(mermaid.match(/:::(?:parameter|input|op|exception)$/gm)).toHaveLength(nodes)
  const dot = (await trace2('graph', 'last', '--format', 'dot')).out
  expect(dot.match(/fillcolor/g)).toHaveLength(nodes)
})

test('a limit of spans leaves out what started last, and every format says so', async () => {
  const { trace2 } = await databaseOf('a refund')
  const { graph } = JSON.parse((await trace2('graph', 'last', '--json', '--max-spans', '2')).out)
  const calls = graph.nodes.filter((node: { op?: string }) => node.op !== undefined)
  expect(calls).toHaveLength(2)
  expect(graph.repairs).toContainEqual(expect.objectContaining({ kind: 'left-out' }))
  for (const format of ['text', 'mermaid', 'dot']) {
    const { out } = await trace2('graph', 'last', '--format', format, '--max-spans', '2')
    expect(out, format).toMatch(/left out.* started last/)
    const whole = await trace2('graph', 'last', '--format', format)
    expect(whole.out, format).not.toContain('left out')
  }
})

test('a run that failed shows the operator, its error and the exit of the run', async () => {
  const { trace2 } = await databaseOf('something else')
  const { out } = await trace2('graph', 'last')
  expect(out).toMatch(/✗ \d route/)
  expect(out).toContain('→ Error: The account team has no queue.')
  expect((await trace2('runs')).out).toContain('failed')
})

test('feedback finds its node by number, operator name and span id, and its list says on what it is', async () => {
  const { trace2 } = await databaseOf('a refund')
  const { graph } = JSON.parse((await trace2('graph', 'last', '--json')).out)
  const route = graph.nodes.find((node: { op?: string }) => node.op === 'route')
  for (const node of ['route', route.spanId, route.id]) {
    const { code } = await trace2(
      'feedback',
      'last',
      '--node',
      node,
      '--label',
      'slow',
      '--id',
      'x',
    )
    expect(code).toBe(0)
  }
  const list = await trace2('feedback', 'last')
  expect(list.out.match(/slow/g)).toHaveLength(1)
  expect(list.out).toMatch(/slow +human +\d route/)
  expect((await trace2('feedback', 'last', '--node', '99', '--score', '1')).err).toContain(
    'error T2_NODE_UNKNOWN',
  )
})

test('hostile content is shown in every command and obeyed by no terminal', {
  timeout: 60_000,
}, async () => {
  const hostile =
    '\u001b]0;pwned\u0007\u001b[2J\u009b31m\r\n| refund "] --> x <img src=x onerror=alert(1)> \u202egnp.exe'
  const { trace2 } = await databaseOf(hostile)
  await trace2('feedback', 'last', '--comment', hostile, '--label', hostile, '--score', '0')
  for (const args of [
    ['runs'],
    ['runs', '--json'],
    ['graph', 'last'],
    ['graph', 'last', '--full', '--backward'],
    ['graph', 'last', '--format', 'json'],
    ['graph', 'last', '--format', 'dot'],
    ['graph', 'last', '--format', 'mermaid'],
    ['feedback', 'last'],
    ['parameters'],
    ['sql', 'SELECT input, output FROM v_span'],
    ['sql', 'SELECT comment AS "\u001b[31m" FROM v_feedback'],
    ['sql', 'SELECT comment FROM v_feedback', '--json'],
    ['optimize', '--dry-run', '--model', 'gpt-4o-mini'],
    ['graph', hostile],
    [hostile],
  ]) {
    const { out, err } = await trace2(...args)
    expect(`${out}${err}`, args.join(' ')).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
  }
  const mermaid = (await trace2('graph', 'last', '--format', 'mermaid')).out
  expect(mermaid).not.toContain('<img')
})
