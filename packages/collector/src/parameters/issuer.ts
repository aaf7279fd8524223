import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { sha256 } from '@trace2/core'

/** The id under which parameters are issued that come from a file of this machine; the same after a restart. */
export function issuerOf(path: string): string {
  return sha256(JSON.stringify([hostname(), resolve(path)])).slice(0, 16)
}
