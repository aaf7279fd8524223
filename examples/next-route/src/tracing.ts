import { type Started, start } from '@trace2/instrumentation/node'

/** What records this server: the first call starts it, every other one gives what runs already. */
export const tracing = (): Started => start({ serviceName: 'triage-route' })
