import {
  type AskedInput,
  type AskingCall,
  askedInputs,
  requestRole,
  settingsRole,
} from '../../answering/index.ts'
import type { AnyFunction, Operator } from '../../operator/operator.ts'
import type { Endpoint } from '../endpoint.ts'
import { type Fields, isObject, member } from '../json.ts'
import type { ModelCall } from '../model-call.ts'
import { requestHashes } from './content.ts'
import { endpointAnswer, stubAnswer } from './endpoint-answer.ts'
import { answering, canAnswer, type EndpointAnswer } from './fetch.ts'

/** A call of a client's method, as a replay is asked about it. */
export interface ModelRequest {
  readonly operator: Operator
  readonly endpoint: Endpoint
  readonly call: ModelCall
  readonly method: AnyFunction
  /** What the method is called on. */
  readonly resource: unknown
  readonly body: Fields
  readonly passed: Fields
  /** Arguments after the body. */
  readonly rest: readonly unknown[]
}

export function askingCall(request: ModelRequest): AskingCall {
  const { operator, endpoint, call, method, resource, body, rest } = request
  const client = member(resource, '_client')
  const ask = (options: readonly unknown[]): unknown =>
    Reflect.apply(method, resource, [body, ...options] as never)
  /** Tries once: what the last of its tries had come to is what is recorded. */
  const answered = (answer: EndpointAnswer) => () => {
    const [options, ...more] = rest
    const once = { ...(isObject(options) ? options : {}), maxRetries: 0 }
    return canAnswer(client) ? answering(client, answer, () => ask([once, ...more])) : ask(rest)
  }
  return {
    operator,
    recording: call.recording,
    asked: () => askedOf(request),
    execute: () => ask(rest),
    ofModel: {
      giver: (recorded) => {
        if (!canAnswer(client)) return 'its client has no `fetch` that could answer'
        const answer = endpointAnswer(recorded)
        return typeof answer === 'string' ? answer : answered(answer)
      },
      stub: (stub) => answered(stubAnswer(stub, endpoint.operator, body.stream === true)),
      refuse: (error) =>
        canAnswer(client) ? answered(() => Promise.reject(error)) : () => Promise.reject(error),
    },
  }
}

function askedOf({ operator, endpoint, call, body, passed }: ModelRequest): AskedInput[] {
  const inputs = endpoint.inputs(body, passed)
  const { maxValueLength } = call.recording.content
  const named = {
    roles: inputs.map(({ role }) => role),
    passed: [],
    plain: inputs.map(({ plain }) => plain),
  }
  const { all, settings } = requestHashes(body)
  return [
    ...askedInputs(operator.name, named, maxValueLength),
    requestInput(requestRole, all),
    requestInput(settingsRole, settings),
  ]
}

function requestInput(role: string, hash: string | undefined): AskedInput {
  return { role, key: hash === undefined ? null : `exact:${hash}`, shown: null }
}
