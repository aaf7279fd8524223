import { asyncContext } from '../../runtime/async-context.ts'
import { isObject, member } from '../json.ts'
import { replace } from '../watch-promise.ts'

/** Answers a request in place of the endpoint, which `ask` would ask. */
export type EndpointAnswer = (
  ask: () => Promise<Response>,
  request: readonly unknown[],
) => Promise<Response>

type Fetch = (...args: readonly unknown[]) => Promise<Response>

const answers = asyncContext<EndpointAnswer>()
const answered = new WeakSet<object>()

/** Whether requests of a client can be answered: they all go through its `fetch`. */
export function canAnswer(client: unknown): client is object {
  return isObject(client) && typeof member(client, 'fetch') === 'function'
}

/**
 * Has the requests that a client makes in `fn` answered. All else of the client is in use: what it makes of a response, of
 * an error, of a stream is what it makes of those of an endpoint.
 */
export function answering<T>(client: object, answer: EndpointAnswer, fn: () => T): T {
  if (!answered.has(client)) {
    const original = member(client, 'fetch') as Fetch
    answered.add(client)
    replace(client, 'fetch', (...args: readonly unknown[]) => {
      const ask = () => Reflect.apply(original, undefined, args)
      const given = answers.getStore()
      return given ? given(ask, args) : ask()
    })
  }
  return answers.run(answer, fn)
}
