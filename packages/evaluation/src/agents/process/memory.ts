import { readFile } from 'node:fs/promises'

const lookEveryMs = 100

/**
 * Watches what a process and its descendants hold in memory together, where the platform shows it (`/proc` of Linux);
 * pages that they share are counted for each. Calls `onExceeded` once. Returns what ends the watch.
 */
export function watchMemory(
  pid: number,
  limitMb: number,
  onExceeded: (residentMb: number) => void,
): () => void {
  if (process.platform !== 'linux') return () => {}
  let isLooking = false
  const timer = setInterval(async () => {
    if (isLooking) return
    isLooking = true
    const residentMb = (await residentKb(pid)) / 1024
    isLooking = false
    if (residentMb <= limitMb) return
    clearInterval(timer)
    onExceeded(residentMb)
  }, lookEveryMs)
  return () => clearInterval(timer)
}

/** Kilobytes of a process and its descendants; 0 for what has ended. */
async function residentKb(pid: number): Promise<number> {
  const [status, children] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
    // Not in every kernel; without it the process alone is counted.
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ])
  const own = Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0)
  const rest = await Promise.all(
    children
      .split(' ')
      .filter((child) => /^\d+$/.test(child))
      .map((child) => residentKb(Number(child))),
  )
  return rest.reduce((sum, kb) => sum + kb, own)
}
