import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'

const text = (value: string) => ({ stringValue: value })

/** A call of a model by an agent, with its system prompt, in a trace of its own. */
function callWith(prompt: string, number: number): string {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.agent.name': 'order-support',
    'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: prompt }]),
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is it?"}]}]',
  }
  const span = {
    traceId: String(number).padStart(32, '0'),
    spanId: String(number).padStart(16, '0'),
    name: 'chat',
    startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(number) * 60_000_000_000n),
    endTimeUnixNano: String(1_700_000_001_000_000_000n + BigInt(number) * 60_000_000_000n),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: text(value) })),
  }
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
}

test('a parameter is shown with its latest value, and its other versions in a line each', async () => {
  const cwd = temporaryDirectory()
  const prompts = ['Answer in one word.', 'Answer in two words.', 'Answer in three words.']
  writeFileSync(join(cwd, 'x.jsonl'), prompts.map((of, at) => callWith(of, at + 1)).join('\n'))
  await command(['import', 'x.jsonl'], { cwd })
  const [{ name, versions, version }] = JSON.parse(
    (await command(['parameters', '--json'], { cwd })).out,
  )
  expect(versions).toBe(3)

  const shown = await command(['parameters', name], { cwd })
  const [latest = '', others = ''] = shown.out.split('2 other versions\n')
  expect(latest).toContain('    Answer in three words.\n')
  expect(latest).toContain(version.slice(0, 8))
  expect(others).toMatch(/VERSION +FIRST SEEN +RUNS +VALUE\n/)
  expect(others).toMatch(/ 1 +"Answer in one word\."\n/)
  expect(others).toMatch(/ 1 +"Answer in two words\."\n/)
  expect(others).not.toContain('three')

  const history = await command(['parameters', name, '--history'], { cwd })
  for (const prompt of prompts) expect(history.out).toContain(`    ${prompt}\n`)
  expect(history.out).not.toContain('other version')
})
