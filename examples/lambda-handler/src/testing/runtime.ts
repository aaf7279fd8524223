// What runs a handler in the function's process, over the runtime API of AWS Lambda. `AWS_LAMBDA_RUNTIME_API` has its
// address, `AWS_LAMBDA_MAX_CONCURRENCY` says how many invocations there may be at a time.
const [, , module = '', ...flags] = process.argv
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`

/** As for a handler that calls back: the answer waits until nothing keeps the process alive any more. */
const waitsForEmptyEventLoop = flags.includes('--wait-for-empty-event-loop')
/** The module is evaluated anew for each invocation, as by a runtime that reloads it in a warm process. */
const reloads = flags.includes('--reload')

const load = (version: number) => import(`${module}?${reloads ? version : 0}`)
let invocations = 0
await load(0)

async function serve(): Promise<never> {
  for (;;) {
    const next = await fetch(`${api}/next`)
    const id = next.headers.get('lambda-runtime-aws-request-id')
    const { handler } = await load(++invocations)
    let path = 'response'
    let body: unknown
    try {
      body = await handler(await next.json(), { awsRequestId: id })
    } catch (error) {
      path = 'error'
      body = {
        errorType: error instanceof Error ? error.name : typeof error,
        errorMessage: String(error),
      }
    }
    if (waitsForEmptyEventLoop) await new Promise((resolve) => process.once('beforeExit', resolve))
    await fetch(`${api}/${id}/${path}`, { method: 'POST', body: JSON.stringify(body) })
  }
}

const loops = Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY ?? 1)
await Promise.all(Array.from({ length: loops }, serve))
