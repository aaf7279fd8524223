import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { openServers, type Servers } from './servers.ts'

const timeouts = { headers: 800, request: 3000, closing: 1500 }
let servers: Servers
let closed: Promise<void> | undefined

const app = async (request: Request) => new Response(String((await request.text()).length))

beforeEach(async () => {
  closed = undefined
  servers = await openServers(app, { host: '127.0.0.1', port: 0, timeouts })
})
afterEach(() => closed ?? servers.close())

async function connection(start: string): Promise<Socket> {
  const socket = connect(Number(new URL(servers.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  socket.resume().write(start)
  onTestFinished(() => void socket.destroy())
  return socket
}

/** A byte every 50 ms, for as long as it is taken. Resolves with what the server said when it had enough. */
async function dribble(start: string): Promise<string> {
  const socket = await connection(start)
  let answer = ''
  socket.on('data', (bytes) => {
    answer += bytes
  })
  const timer = setInterval(() => socket.write('x'), 50)
  await once(socket, 'close')
  clearInterval(timer)
  return answer
}

async function served(): Promise<void> {
  const response = await fetch(servers.url, { method: 'POST', body: 'body' })
  expect(await response.text()).toBe('4')
}

const POST = 'POST / HTTP/1.1\r\nhost: x\r\n'

/** In place of the one that each test has. */
async function serveWith(others: Partial<typeof timeouts>): Promise<void> {
  await servers.close()
  const all = { ...timeouts, ...others }
  servers = await openServers(app, { host: '127.0.0.1', port: 0, timeouts: all })
}
const FOR_EVER = 600_000

it('answers probes that speak HTTP/1.0 and name no host', async () => {
  const socket = await connection('GET / HTTP/1.0\r\n\r\n')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toContain('200 OK')
})

it('says which address it cannot listen at', async () => {
  await expect(openServers(app, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
    code: 'T2_CONFIG',
    message: expect.stringContaining('192.0.2.1'),
  })
})

it('ends a request whose headers do not come to an end', async () => {
  await serveWith({ request: FOR_EVER })
  expect(await dribble(`${POST}x-slow: `)).toContain('408 Request Timeout')
  await served()
})

it('ends a request whose body does not come to an end', async () => {
  expect(await dribble(`${POST}content-length: 100000\r\n\r\n`)).toContain('408 Request Timeout')
  await served()
})

it('serves others while many are slow', async () => {
  const slow = await Promise.all(Array.from({ length: 200 }, () => connection(POST)))
  for (let i = 0; i < 10; i++) await served()
  await Promise.all(slow.map((socket) => (socket.closed ? undefined : once(socket, 'close'))))
})

it('closes although somebody is slow, and takes no new requests meanwhile', async () => {
  await connection(`${POST}content-length: 100\r\n\r\n`)
  const half = await connection(`${POST}content-length: 4\r\n\r\nbo`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  closed = servers.close()
  await expect(fetch(servers.url)).rejects.toThrow('fetch failed')
  // What is under way and does come to its end is answered.
  half.write('dy')
  const [answer] = await once(half, 'data')
  expect(String(answer)).toContain('200 OK')
  await closed
})

it('closes although somebody sends one request after the other, and answers each', async () => {
  await serveWith({ closing: FOR_EVER })
  const send = async () => {
    for (let sent = 0; ; sent++) {
      const refused = await served().catch((error: unknown) => error)
      if (refused) return sent
    }
  }
  const senders = [send(), send(), send()]
  await Promise.all(senders.map(() => served()))
  closed = servers.close()
  await closed
  for (const sent of await Promise.all(senders)) expect(sent).toBeGreaterThan(0)
})
