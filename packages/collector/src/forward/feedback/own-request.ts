import type { Outgoing } from '../deliver.ts'

/** A request to an API of the target's own. */
export function ownRequest(address: string, json: object): Outgoing {
  const body = Buffer.from(JSON.stringify(json))
  return { signal: 'feedback', address, packable: false, encoding: 'json', body }
}
