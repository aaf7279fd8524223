import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { context, propagation } from '@opentelemetry/api'
import { bundle, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'
import { expect, it, onTestFinished } from 'vitest'
import { collector } from './support/place.ts'

async function service(endpoint: string): Promise<number> {
  const file = fileURLToPath(new URL('./programs/classifier-service.mjs', import.meta.url))
  const child: ChildProcess = fork(file, { env: { ...process.env, COLLECTOR: endpoint } })
  onTestFinished(() => {
    child.kill()
  })
  const [port] = await once(child, 'message')
  return Number(port)
}

it('follows values into another process and back by the trace context and their hashes', async () => {
  const { url, store } = await collector()
  const port = await service(url)
  const tracing = start({ serviceName: 'agent', endpoint: url })
  onTestFinished(() => tracing.shutdown())

  const load = bundle('load', async (id: string) => ({ id, text: `the text of ticket ${id}` }))
  const decide = bundle('decide', (verdict: { category: string }) => `go to ${verdict.category}`)
  const agent = run('agent', async (id: string) => {
    const ticket = await load(id)
    const headers: Record<string, string> = {}
    propagation.inject(context.active(), headers)
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(ticket),
    })
    return decide(JSON.parse(await response.text()))
  })
  const { traceId } = await agent.node('T-4711')
  await tracing.flush()

  const graph = await store.graph(traceId ?? '')
  const names = new Map(graph.nodes.map((node) => [node.id, 'op' in node ? node.op : node.kind]))
  const edges = graph.edges.map(
    ({ from, to, role, how }) => `${names.get(from)} -> ${names.get(to)} ${role} ${how}`,
  )
  expect(edges).toContain('load -> classify ticket hash')
  expect(edges).toContain('classify -> decide verdict hash')
  expect(graph.repairs).toEqual([])
})
