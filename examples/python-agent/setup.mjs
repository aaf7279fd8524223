// `npm run setup -w examples/python-agent`: makes a Python environment with OpenTelemetry, for the example and its test.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { environment, python, systemPython } from './python.mjs'

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) console.error(`${command} cannot be started: ${error.message}`)
  if (status !== 0) process.exit(1)
}

run(systemPython, '-m', 'venv', environment)
run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements)
console.log(`OpenTelemetry for Python is in ${environment}.`)
