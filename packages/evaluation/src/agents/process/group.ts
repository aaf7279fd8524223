import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Ends a child that was started with `detached`, and all that it has started and that has not left its group. What has
 * ended already is no error.
 */
export function killGroup(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' }).on('error', () => {
      child.kill('SIGKILL')
    })
    return
  }
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

/** How a child came to its end, in words. */
export function endText(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}
