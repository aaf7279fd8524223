import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { figure } from '../harness/figure.ts'
import { pythonPrograms, script } from './python.ts'

/** Steps of the chain, each of which uses the parameter and the step before. */
const STEPS = [400, 800, 1600]

/** What Trace takes for feedback through a chain and for the prompt that shows it, as `backward` measures it of Trace2. */
export function traceChains(): void {
  const python = pythonPrograms()
  if ('missing' in python) {
    console.log(`Trace is left out: ${python.missing}.`)
    return
  }
  for (const steps of STEPS) {
    const { stdout, status } = spawnSync(
      join(python.programs, 'python'),
      [script('trace_chain.py'), `${steps}`],
      { encoding: 'utf8', env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True' } },
    )
    const last = stdout.trim().split('\n').at(-1) ?? ''
    if (status !== 0) throw new Error(`Trace ended with ${status}: ${last}`)
    const { backward }: { backward: number } = JSON.parse(last)
    figure(`Trace, a chain of ${steps} steps: backward and prompt`, backward * 1000, 'ms')
  }
}
