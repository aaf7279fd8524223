import { diag } from '@opentelemetry/api'

const remedy =
  'Give a name, `bundle(name, fn)`, and the names of the inputs, `{ inputs: [...] }`, or build with the plugin of @trace2/instrumentation/build.'

const said = new Set<string>()

/** Says once for each kind of loss what a build took from a recorded function, and what to do. */
export function warnOnce(kind: string, what: string): void {
  if (said.has(kind)) return
  said.add(kind)
  diag.warn(`${what} Others may be affected; this is said once. ${remedy}`)
}
