import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

/** A model's endpoint that answers every question in the same way; its address. */
async function endpoint(status: number, answer: unknown): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`
}

const nonsense = {
  id: 'x',
  object: 'chat.completion',
  created: 0,
  model: 'm',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello!' } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}

const programs = [
  'examples/quick-start/dist/main.js',
  'examples/code-parameter/dist/main.js',
  'examples/numeric-parameter/dist/main.js',
  'examples/openai-agent/dist/main.js',
  'examples/judged-runs/dist/main.js',
  'examples/foreign-opentelemetry/dist/main.js',
  'packages/cli/dist/demo/compare/main.js',
]

const failures = [
  {
    how: 'refuses the key',
    status: 401,
    answer: { error: { message: 'Invalid API key.' } },
    words: /401.*Invalid API key/,
    advice: /OPENAI_API_KEY/,
  },
  {
    how: 'answers nonsense',
    status: 200,
    answer: nonsense,
    words: /gave no valid answer/,
    advice: /stronger/,
  },
]

test.each(programs.flatMap((program) => failures.map((failure) => ({ program, ...failure }))))(
  '$program, whose model $how, ends with what is wrong and what to do',
  async ({ program, status, answer, words, advice }) => {
    const path = fileURLToPath(new URL(`../${program}`, import.meta.url))
    const env = {
      ...process.env,
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: await endpoint(status, answer),
      TRACE2_MODEL: 'm',
    }
    const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let told = ''
    child.stderr.on('data', (chunk) => {
      told += String(chunk)
    })
    const [code] = await once(child, 'close')
    expect(code, told).toBe(1)
    const [message, remedy] = told.trimEnd().split('\n').slice(-2)
    expect(told).not.toContain('    at ')
    expect(message).toMatch(words)
    expect(remedy).toMatch(advice)
  },
)
