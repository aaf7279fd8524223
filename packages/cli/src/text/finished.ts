import { printable } from '@trace2/core'
import type { Outcome } from '@trace2/optimizer'
import type { Terminal } from '../terminal/terminal.ts'

/** Makes what tells a person that a command has finished what an earlier one began. */
export function tellFinished(terminal: Terminal): (outcome: Outcome) => void {
  return (outcome) => terminal.note(printable(finishedText(outcome)))
}

function finishedText({ decision, deployments, withdrawn }: Outcome): string {
  const { action, target, changes } = decision
  const what = action === 'accept' ? 'An acceptance' : 'A rollback'
  const names = (of: readonly string[]) => of.join(', ')
  const done = deployments.map(({ parameter, proposal }) =>
    action === 'accept' ? `${proposal} (${parameter})` : parameter,
  )
  const left = changes.flatMap(({ parameter, proposal }) =>
    withdrawn.includes(parameter) ? [action === 'accept' ? String(proposal) : parameter] : [],
  )
  const finished = done.length === 0 ? '' : ` It is finished now: ${names(done)}.`
  const open = action === 'accept' ? 'open again' : 'not rolled back'
  const back =
    left.length === 0
      ? ''
      : ` The file could not be changed so any more: ${names(left)} ${left.length === 1 ? 'is' : 'are'} ${open}.`
  return `${what} in ${target} had been interrupted.${finished}${back}`
}
