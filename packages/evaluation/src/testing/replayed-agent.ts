// An agent for the tests of replay: a module of its own, run in processes of its own.
import { appendFileSync, existsSync } from 'node:fs'
import { bundle, parameter, run } from '@trace2/instrumentation'

const word = parameter('replayed.word', 'fine')

const note = (line: string) => {
  if (process.env.REPLAYED_LOG) appendFileSync(process.env.REPLAYED_LOG, `${line}\n`)
}
const send = bundle(
  'send',
  async (to: string) => ({ sent: to, note: note(`send ${to}`) ?? null }),
  {
    sideEffects: true,
  },
)
const look = bundle('look', (text: string) => {
  note(`look ${text}`)
  return text.length
})
const say = bundle('say', (length: number, said: string) => {
  note(`say ${length}`)
  return `${said} ${length}`
})

export const agent = run('replayed', async (text: string) => {
  const length = look(text)
  const said = say(length, word)
  // What code between operators reads of the world is not recorded.
  const mood = process.env.REPLAYED_WORLD && existsSync(process.env.REPLAYED_WORLD) ? 'new' : 'old'
  const { sent } = await send(text.startsWith('loud') ? `${text}: ${said}` : text)
  return { said, sent, mood: text.startsWith('moody') ? mood : 'none' }
})
