import { readFileSync } from 'node:fs'

/**
 * Bytes that the process has for itself. Pages of mapped files are left out where the system tells them apart: those of a
 * journal come and go with what is read, and are given up for whoever needs them.
 */
export function ownMemory(): number {
  const all = process.memoryUsage.rss()
  if (process.platform !== 'linux') return all
  try {
    // In pages, whose size is not said: their ratio is enough.
    const [, resident = 0, shared = 0] = readFileSync('/proc/self/statm', 'latin1')
      .split(' ')
      .map(Number)
    return resident > shared ? all * (1 - shared / resident) : all
  } catch {
    return all
  }
}
