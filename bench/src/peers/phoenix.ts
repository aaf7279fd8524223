import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Peer } from './peer.ts'
import { answering, freePort } from './ports.ts'
import { pythonPrograms } from './python.ts'

/** It takes some hundred spans a second. */
const MOST_REQUESTS = 4

/** Phoenix with its usual store, SQLite in a folder. */
export async function startPhoenix(directory: string): Promise<Peer | string> {
  const python = pythonPrograms()
  if ('missing' in python) return python.missing
  const port = await freePort()
  const child = spawn(join(python.programs, 'phoenix'), ['serve'], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: {
      ...process.env,
      PHOENIX_WORKING_DIR: directory,
      PHOENIX_HOST: '127.0.0.1',
      PHOENIX_PORT: `${port}`,
      PHOENIX_GRPC_PORT: `${await freePort()}`,
      PHOENIX_TELEMETRY_ENABLED: 'false',
    },
  })
  const url = `http://127.0.0.1:${port}`
  await answering(url, child)
  return {
    name: 'Phoenix',
    url,
    pid: child.pid ?? 0,
    mostRequests: MOST_REQUESTS,
    done: () => stored(url),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function stored(url: string): Promise<number> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ projects { edges { node { recordCount } } } }' }),
  })
  const { data } = Object(await answer.json())
  const projects: readonly { readonly node: { readonly recordCount: number } }[] =
    data?.projects.edges ?? []
  return projects.reduce((sum, { node }) => sum + node.recordCount, 0)
}
