import { errorCatalogue } from '@trace2/instrumentation/semconv'

/** Every error that this package raises. */
export const { entries: evaluationErrors, raise } = errorCatalogue({
  T2_AGENT_LOAD: {
    status: 400,
    remedy:
      'Correct the agent that the message names: the module and what it exports, the command, or the address; docs/guides/running-agents.md has the forms.',
  },
  T2_AGENT_LIMITS: {
    status: 400,
    remedy: 'Correct the limit; docs/guides/running-agents.md lists all of them.',
  },
  T2_GATE_OPTIONS: {
    status: 400,
    remedy:
      'Correct the setting of the gate that the message names; docs/guides/gate.md lists all of them.',
  },
  T2_GATE_CASE: {
    status: 400,
    remedy:
      'Give each case once, and all cases of a group in one look: a group is one piece of evidence.',
  },
  T2_SCORE_SCALE: {
    status: 400,
    remedy:
      'Declare the scale that the scores really have, or correct the guide. A score is never clipped, because that would change what is decided.',
  },
  T2_SCORE_MISSING: {
    status: 400,
    remedy:
      'Say why a trial has no score (crashed, timed out, diverged, no score); it then counts as the gate is told to count it.',
  },
  T2_LEDGER: {
    status: 400,
    remedy: 'Give the ledger as the gate returned it; it must not be edited.',
  },
  T2_LEDGER_SPENT: {
    status: 409,
    remedy:
      'Decide on cases that no decision has read, with a new ledger for them: this error budget has been spent on earlier proposals.',
  },
})
