import type { Json } from '@trace2/core'
import type { Response } from 'undici'
import type { TrialRun } from '../agent.ts'
import { unwrapped } from '../command/output.ts'
import { longestOutput } from '../json-output.ts'
import { printableLine } from '../log.ts'

type End = Pick<TrialRun, 'outcome' | 'reason' | 'output'>

/** What the answer of a server means for the trial. */
export async function answerOf(response: Response): Promise<End> {
  const { status } = response
  if (status >= 300 && status < 400) {
    await response.body?.cancel()
    const to = response.headers.get('location') ?? 'another address'
    return failed(
      `It was answered with a redirect (${status}) to ${to}: configure the address that answers.`,
    )
  }
  const text = await textOf(response)
  if (text === undefined) return badOutput(`The answer is longer than ${longestOutput} bytes.`)
  if (!response.ok) {
    const said = text.trim() === '' ? '' : `: ${shown(response, text)}`
    return failed(`It was answered with status ${status}${said}`)
  }
  if (text.trim() === '') return badOutput(`The answer (${status}) is empty.`)
  const value = parsed(text)
  if (value === undefined) return badOutput(`The answer is no JSON: ${shown(response, text)}`)
  return { outcome: 'done', reason: null, output: unwrapped(value) }
}

function failed(reason: string): End {
  return { outcome: 'failed', reason: printableLine(reason), output: null }
}

function badOutput(reason: string): End {
  return { outcome: 'bad output', reason: printableLine(reason), output: null }
}

async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop ends the connection.
    if (bytes > longestOutput) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const longestShown = 200

function shown(response: Response, text: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]
  const isPage = /html/.test(response.headers.get('content-type') ?? '') || /^\s*</.test(text)
  if (isPage) return `a page${title === undefined ? '' : ` titled ${title.trim()}`}`
  const start = text.trim().slice(0, longestShown)
  return start.length < text.trim().length ? `${start} …` : start
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
