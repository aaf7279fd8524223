// Where the example's own Python environment lies.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const isWindows = process.platform === 'win32'

/** Python as the system has it. */
export const systemPython = isWindows ? 'python' : 'python3'

/** The folder of the environment, beside what else the tools of this tree keep. */
export const environment = fileURLToPath(
  new URL('../../node_modules/.cache/python-agent', import.meta.url),
)

/** Its Python. */
export const python = join(
  environment,
  ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']),
)
