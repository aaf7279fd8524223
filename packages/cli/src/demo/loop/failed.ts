import { Trace2Error } from '@trace2/core'
import { commandErrors } from '../../errors.ts'
import { demoRemedy } from './remedies.ts'

/** What a demo has left behind when it fails. */
export interface Left {
  readonly database: string
  readonly runs: number
  /** Pieces of feedback in the round that failed. */
  readonly feedback: number
  /** How the trace2 command is called here. */
  readonly command: string
}

/** The error of a demo, with where its data is and how to go on with it. */
export function failed(error: unknown, left: Left): unknown {
  if (!(error instanceof Trace2Error)) return error
  const ofModel = error.code.split('_')[1] === 'MODEL'
  const code = ofModel ? 'T2_DEMO_MODEL' : error.code
  const message = `${error.message}${ofModel ? ` (${error.code})` : ''}${dataText(left)}`
  const remedy = [
    demoRemedy(error),
    ...(ofModel ? [commandErrors.T2_DEMO_MODEL.remedy] : []),
    nextCommands(left),
  ]
  return new Trace2Error(
    code,
    { status: error.status, remedy: remedy.filter(Boolean).join(' ') },
    message,
    {
      cause: error,
    },
  )
}

function dataText({ runs, database }: Left): string {
  if (runs === 0) return ' No run was stored.'
  return ` ${runs} ${runs === 1 ? 'run is' : 'runs are'} in ${database}.`
}

function nextCommands({ database, runs, feedback, command }: Left): string {
  if (runs === 0) return ''
  const look = `\`${command} runs --db ${database}\` shows the runs`
  return feedback === 0
    ? `${look}; nothing was learned from them yet, so begin a new demo.`
    : `${look}, and \`${command} optimize --db ${database}\` goes on from their feedback.`
}
