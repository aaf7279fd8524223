// docs/guides/parameters-in-production.md: a value that changes while the agent runs, and never within a run.
import { bundle, parameter, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

const greeting = parameter('shop.greeting', 'Hello', { schema: { type: 'string', maxLength: 40 } })

const greet = bundle('greet', (name: string, greeting: string) => `${greeting}, ${name}!`)

export const agent = run('greeter', async (meanwhile: () => Promise<void>) => {
  const first = greet('Ada', greeting)
  await meanwhile()
  return [first, greet('Grace', greeting)]
})

/** Watches `file`; call `shutdown()` to send what is left. */
export function serve(endpoint: string, file: string) {
  return start({ serviceName: 'shop', endpoint, parametersFile: file })
}
