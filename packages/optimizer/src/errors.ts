import { errorCatalogue } from '@trace2/core'

/** Every error that this package raises. */
export const { entries: optimizerErrors, raise } = errorCatalogue({
  T2_NO_RUNS: {
    status: 404,
    remedy:
      'Let the agent send runs to `trace2 collect`, or import some with `trace2 import`. Where there are some (`trace2 runs`), widen --since and --where.',
  },
  T2_NO_FEEDBACK: {
    status: 400,
    remedy:
      'Give feedback with `trace2 feedback RUN --score 0 --comment "…"`, with feedback() in the agent, or with `trace2 judge`.',
  },
  T2_OBJECTIVE: {
    status: 400,
    remedy:
      'Take a name that has scores (`trace2 feedback --names` lists them), declare its scale, or say in words what is to be achieved.',
  },
  T2_NO_TRAINABLE_PARAMETER: {
    status: 400,
    remedy:
      'Declare what may change with parameter(name, value) or bundle(fn, { trainable: true }); `trace2 parameters` lists what the runs used.',
  },
  T2_FEEDBACK_UNREACHED: {
    status: 400,
    remedy:
      '`trace2 graph RUN --backward` shows where the feedback stops. Pass the parameter into the operator that uses it, or give feedback on a later node; outside run(), pass results on as nodes.',
  },
  T2_OPTIMIZER_UNKNOWN: {
    status: 400,
    remedy: 'Take one of the names in the message; docs/optimizers.md says what each is for.',
  },
  T2_TARGET_UNKNOWN: {
    status: 400,
    remedy:
      'Give feedback on what a bundle returned, on its node, or on the error it threw; wrap the call in bundle() or run() if it is not recorded.',
  },
  T2_TARGET_PROMISE: {
    status: 400,
    remedy:
      'Await it: `optimizer.backward(await agent(input), "…")`, in a list each of its members.',
  },
  T2_TARGET_OPEN: {
    status: 400,
    remedy:
      'Take the step when the call has ended: await what it returned, and read a stream to its end. Make what has several runs inside it a run() too, or give feedback on one of them.',
  },
  T2_NOTHING_RECORDED: {
    status: 400,
    remedy:
      'Call the agent first, then backward(output, feedback), then step(). Import `@trace2/optimizer/live` before the agent is called.',
  },
  T2_SAVED_OPTIMIZER: {
    status: 400,
    remedy:
      'Give load() what save() of an optimizer over the same parameters returned, parsed where it was stored as JSON.',
  },
  T2_FEEDBACK_COUNT: {
    status: 400,
    remedy: 'Give one piece of feedback for all targets, or a list with one for each.',
  },
  T2_PROMPT_BUDGET: {
    status: 400,
    remedy:
      'Raise --max-tokens (and --context, where the model has more room), or optimize fewer parameters at once with --parameter.',
  },
  T2_PROPOSAL_CONFLICT: {
    status: 409,
    remedy:
      'The parameter has changed since the proposal was made: `trace2 reject` it, and run `trace2 optimize` again on runs of the current version.',
  },
  T2_PROPOSAL_MARKED: {
    status: 409,
    remedy:
      'Read the change with `trace2 show`. To put it in force all the same, accept it with --marked (`marked: true` in a program); otherwise `trace2 reject` it.',
  },
  T2_VALUE_UNSEEN: {
    status: 409,
    remedy:
      'Read the change with `trace2 show`, which shows these characters as escapes. To put it in force all the same, accept it with --allow-invisible (`allowInvisible: true` in a program); otherwise `trace2 reject` it.',
  },
  T2_VALUE_EMPTY: {
    status: 400,
    remedy:
      'Reject the proposal. Where an empty text is meant to be possible, list it in the schema of the parameter: { "enum": ["", …] }.',
  },
  T2_PARAMETERS_FILE: {
    status: 400,
    remedy:
      'The file must be JSON of the form { "trace2": 1, "parameters": { "<name>": { "value": … } } }, each name once; an entry may have "variants": [{ "value": …, "weight": 9 }, …] in place of "value".',
  },
  T2_PARAMETERS_UNWRITABLE: {
    status: 400,
    remedy:
      'The file is replaced as a whole, and a lock stands beside it while it is: the folder must exist, and both must be writable. The decision is taken back; give the command again once they are.',
  },
  T2_BASE_UNKNOWN: {
    status: 404,
    remedy:
      '--base takes the version of a value that is in force (or its beginning), or NAME=VERSION, or NAME=2 for the second heaviest; `trace2 parameters` lists versions.',
  },
  T2_PARAMETERS_LOCKED: {
    status: 409,
    remedy:
      'Wait until the other command has ended. A lock of a process that has ended is taken away by itself; one that another machine or a container left has to be deleted.',
  },
  T2_NOTHING_TO_ROLL_BACK: {
    status: 404,
    remedy:
      '`trace2 parameters NAME --history` shows the versions and what was deployed where; --parameters names another file.',
  },
  T2_PARAMETERS_ENTRY: {
    status: 400,
    remedy:
      'Correct the entry, or delete it: { "value": … } of the type and schema that the parameter has in the code, or { "variants": [{ "value": …, "weight": 9 }, …] } with weights above 0.',
  },
})
