import { execFileSync } from 'node:child_process'

/** How often it is looked whether the launcher is still there. */
const LOOKED_EVERY_MS = 500

/**
 * Tells when the `npx` that started this process has ended. A signal that is sent to `npx` ends it and the shell between,
 * but never arrives here: npm passes on two signals, to that shell only, and the shell passes on none.
 *
 * @returns what stops the watch. Nothing is watched where no `npx` started this process.
 */
export function watchLauncher(onEnd: () => void): () => void {
  const { ppid, platform, env } = process
  if (env.npm_command !== 'exec' || platform === 'win32') return () => {}
  const above = aboveShell(ppid)
  const timer = setInterval(() => {
    if (process.ppid === ppid && (above === undefined || isAlive(above))) return
    clearInterval(timer)
    onEnd()
  }, LOOKED_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** The process above a shell, or `undefined` where the process is no shell: then it is npm itself. */
function aboveShell(pid: number): number | undefined {
  try {
    const told = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', `${pid}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [, above, name = ''] = /^\s*(\d+)\s+(\S+)/.exec(told) ?? []
    return /(^|\/)-?(ba|da|a|z)?sh$/.test(name) ? Number(above) : undefined
  } catch {
    // Without ps there is only the parent to look at.
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
