import { dataMember } from '../inspection/members.ts'
import { types } from '../runtime/types.ts'

/** A bigint may have more digits than there is room for, and writing them takes longer than their number squared. */
export function bigintText(value: bigint, room: number): string {
  const most = BigInt(Math.max(64, Math.min(room, 10_000)) * 3)
  return BigInt.asIntN(Number(most), value) === value ? value.toString() : '[bigint, too long]'
}

export function functionName(fn: unknown): string {
  if (typeof fn !== 'function') return ''
  if (types.isProxy(fn)) return 'Proxy'
  const name = dataMember(fn, 'name')
  return typeof name === 'string' ? name.slice(0, 100) : ''
}
