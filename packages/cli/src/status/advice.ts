import { argument } from '../options/carried.ts'
import { onLatest } from '../options/dataset-names.ts'
import { counted, shortVersion } from '../text/values.ts'
import type { Content } from './content.ts'
import type { LastDeployment } from './last-deployment.ts'

/** What stands in the way of the next step, in words (or nothing), and the commands that make sense, the best one first. */
export interface Advice {
  readonly hint: string
  readonly commands: readonly string[]
}

/** What is known beside the content of a database. */
export interface Situation {
  /** `null` where there is no database, or it cannot be read. */
  readonly content: Content | null
  /** Whether the database is one that should be there: it exists, or it is the address of a collector. */
  readonly expected: boolean
  /** Whether it is the address of a collector. */
  readonly remote: boolean
  /** Whether a collector that should be running is gone. */
  readonly isMissed: boolean
  /** Whether the variables name a model, or the endpoint of one. */
  readonly isModelNamed: boolean
  /** The address of a collector that is running. */
  readonly collector: string | undefined
}

const GIVE_FEEDBACK = ['trace2 feedback last --score 0 --comment "What was wrong, in words."']
const NEW_FEEDBACK = [...GIVE_FEEDBACK, 'trace2 judge --help']

const NAME_A_MODEL =
  'A step asks a model: name one with TRACE2_MODEL, and its endpoint with OPENAI_API_KEY and OPENAI_BASE_URL. `trace2 simulated-model` serves one that needs no key.'

/** What to do next. A collector that is gone comes first: what it had acknowledged is not stored yet. */
export function adviceFor(situation: Situation): Advice {
  const { hint, commands } = usualAdvice(situation)
  const others = commands.filter((command) => command !== 'trace2 collect')
  const wantsModel = commands[0] === 'trace2 optimize' && !situation.isModelNamed
  return {
    hint: hint === '' && wantsModel ? NAME_A_MODEL : hint,
    commands: situation.isMissed ? ['trace2 collect', ...others] : commands,
  }
}

function usualAdvice({ content, expected, remote, collector }: Situation): Advice {
  const collect = collector === undefined ? ['trace2 collect'] : []
  if (!content && expected)
    return { hint: '', commands: remote ? ['trace2 collect'] : ['trace2 doctor'] }
  if (!content || content.runs.count === 0)
    return {
      hint:
        collector === undefined
          ? 'No run is stored yet. Start a collector and let the agent send to it, or look at the demo.'
          : `No run has come in. Send some: start the agent with OTEL_EXPORTER_OTLP_ENDPOINT=${collector}`,
      commands: [...collect, 'trace2 demo'],
    }
  const { proposals, parameters, feedback, step, deployment } = content
  if (proposals.open.length > 0) return onProposals(content)
  if (parameters === 0)
    return {
      hint: 'No run has used a trainable parameter: there is nothing to optimize yet. Declare one with parameter(name, value).',
      commands: ['trace2 parameters'],
    }
  if (feedback.count === 0)
    return {
      hint: 'No run has feedback yet, and an optimizer learns from nothing else.',
      commands: NEW_FEEDBACK,
    }
  const isSuperseded = step?.superseded ?? true
  if (deployment && isSuperseded) return afterDeployment(deployment, collect)
  if (!step || step.newFeedback > 0 || step.state === 'failed')
    return { hint: '', commands: ['trace2 optimize'] }
  if (step.state === 'started')
    return {
      hint: 'A step has begun and not ended: it is at work, or it was stopped. It goes on where it was.',
      commands: ['trace2 optimize'],
    }
  return {
    hint: 'The last step has seen all feedback there is, and left no proposal open.',
    commands: [...NEW_FEEDBACK, 'trace2 optimize --again'],
  }
}

/** What to do with open proposals: with one that was found better first, then with one that nobody has tried. */
function onProposals({ proposals: { open, verdicts, outdated }, datasets }: Content): Advice {
  const hint = `${counted(open.length, 'proposal')} to decide on: nothing changes until you accept.`
  const current = open.filter((id) => !outdated.includes(id))
  const [first = ''] = open
  if (current.length === 0)
    return {
      hint: `${counted(open.length, 'open proposal')}, made for ${open.length === 1 ? 'a value that is' : 'values that are'} not in force any more: \`trace2 accept\` refuses ${open.length === 1 ? 'it' : 'them'}.`,
      commands: [`trace2 reject ${open.join(' ')}`, 'trace2 optimize'],
    }
  const better = current.find((id) => verdicts[id] === 'better')
  if (better !== undefined)
    return {
      hint: `${better} was found better: nothing changes until you accept.`,
      commands: [`trace2 accept ${better}`, `trace2 report ${better}`],
    }
  const [only] = datasets
  const on = onLatest(datasets)
  const untried = current.find((id) => verdicts[id] === undefined)
  if (untried !== undefined)
    return {
      hint,
      commands: [
        `trace2 show ${untried}`,
        `trace2 evaluate ${untried}${on}`,
        `trace2 verdict ${untried}${on}`,
      ],
    }
  const unsure = current.find((id) => verdicts[id] === 'not enough evidence')
  if (unsure !== undefined)
    return {
      hint: `There is not enough evidence on ${unsure} yet: more cases would show what it is worth.`,
      commands: [
        `trace2 report ${unsure}`,
        ...(only === undefined ? [] : [`trace2 dataset ${argument(only)} --from-runs --add`]),
        `trace2 verdict ${unsure}${on}`,
      ],
    }
  return {
    hint: `${current.join(', ')}: ${[...new Set(current.map((id) => verdicts[id]))].join(', ')}. \`trace2 accept\` takes it with a reason (--override) alone.`,
    commands: [`trace2 report ${current[0] ?? first}`, `trace2 reject ${current.join(' ')}`],
  }
}

/** A new value has to show what it is worth before another one is asked for. */
function afterDeployment(
  { action, parameter, version, runs, judged }: LastDeployment,
  collect: readonly string[],
): Advice {
  const isBack = action === 'rollback'
  const value = version === null ? 'the value in the code' : shortVersion(version)
  const what = `${parameter} ${isBack ? 'was rolled back to' : 'is now'} ${value}.`
  // A name may be a stranger's: what a shell would obey is not suggested.
  const ofParameter = (command: string) =>
    /^[\w./-]+$/.test(parameter) ? [`trace2 ${command} ${parameter}`] : []
  if (runs === 0)
    return {
      hint: `${what} No run has used it since: let the agent run.`,
      commands: isBack
        ? [...collect, 'trace2 runs', 'trace2 optimize --again']
        : [...collect, 'trace2 runs', ...ofParameter('rollback')],
    }
  const used = `${counted(runs, 'run')} ${runs === 1 ? 'has' : 'have'} used it since`
  if (judged === 0)
    return { hint: `${what} ${used}, none with feedback yet.`, commands: NEW_FEEDBACK }
  return {
    hint: `${what} ${used}, ${judged} with feedback.`,
    commands: [...ofParameter('compare'), 'trace2 optimize'],
  }
}
