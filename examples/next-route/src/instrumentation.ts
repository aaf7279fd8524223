/** Next.js calls this when a server starts, once in each of its runtimes. Only that of Node can send spans. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { tracing } = await import('./tracing.ts')
  tracing()
}
