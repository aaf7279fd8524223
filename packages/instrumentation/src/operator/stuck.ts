import { types } from '../runtime/types.ts'
import type { CodeUses } from './options.ts'

/**
 * Says what is given to a function that changed code could do nothing with: it holds objects by their identity,
 * shares memory, or answers as it likes. What a getter gives is read later, when changed code needs it.
 */
export function findStuck(uses: CodeUses): string | undefined {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(uses))) {
    const kind = stuckKind(value)
    if (kind === undefined) continue
    return `${name} is a ${kind}, which cannot cross into isolation; give functions that use it instead`
  }
  return undefined
}

function stuckKind(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (types.isProxy(value)) return 'Proxy'
  if (types.isWeakMap(value)) return 'WeakMap'
  if (types.isWeakSet(value)) return 'WeakSet'
  if (types.isSharedArrayBuffer(value)) return 'SharedArrayBuffer'
  if (types.isArrayBufferView(value) && types.isSharedArrayBuffer(value.buffer)) {
    return 'view of a SharedArrayBuffer'
  }
  if (value instanceof WeakRef) return 'WeakRef'
  return value instanceof FinalizationRegistry ? 'FinalizationRegistry' : undefined
}
