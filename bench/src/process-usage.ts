// What Linux says of a process.
import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/** Processor time of all its threads, in seconds. */
export function cpuSeconds(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = after.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Memory in MiB: what is resident now, or the most that has been. */
export function residentMiB(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  return kibibytes(`/proc/${pid}/status`, name) / 1024
}

/** Memory in MiB that no file stands behind, so that the system cannot take it back. */
export function anonymousMiB(pid: number): number {
  return kibibytes(`/proc/${pid}/smaps_rollup`, 'Anonymous') / 1024
}

function kibibytes(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1])
}
