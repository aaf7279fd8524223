// `npm run bench -- [name …]`: runs the named measurements, or lists them.
const measurements: Readonly<Record<string, () => Promise<() => Promise<void>>>> = {
  instrumentation: async () => (await import('./instrumentation.ts')).instrumentation,
  collector: async () => (await import('./collector.ts')).collector,
  operations: async () => (await import('./operations.ts')).operations,
  soak: async () => (await import('./soak.ts')).soak,
  backward: async () => (await import('./backward.ts')).backward,
  isolation: async () => (await import('./isolation.ts')).isolation,
  gate: async () => (await import('./gate.ts')).gate,
  'gate-short': async () => (await import('./gate.ts')).gateShort,
  trials: async () => (await import('./trials.ts')).trialsOverhead,
  replay: async () => (await import('./replay.ts')).replay,
  'replay-full': async () => (await import('./replay.ts')).replayFull,
  edges: async () => (await import('./edges.ts')).edges,
  versions: async () => (await import('./versions.ts')).versions,
  'versions-full': async () => (await import('./versions.ts')).versionsFull,
  scale: async () => (await import('./scale.ts')).scale,
}

const names = process.argv.slice(2)
if (names.length === 0) {
  console.log(`Name one or more: ${Object.keys(measurements).join(', ')}`)
}
for (const name of names) {
  const load = measurements[name]
  if (!load) {
    console.error(
      `There is no measurement ${name}. There are: ${Object.keys(measurements).join(', ')}`,
    )
    process.exitCode = 2
    continue
  }
  const measure = await load()
  await measure()
}
