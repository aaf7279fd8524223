export interface Measurement {
  /** What it measures, in a few words. */
  readonly says: string
  /** How often it is repeated unless something else is asked for: those that take long say what they say once. */
  readonly runs: number
  readonly load: () => Promise<() => Promise<void>>
}

export const measurements: Readonly<Record<string, Measurement>> = {
  instrumentation: {
    says: 'what recording costs, against a span that is written by hand',
    runs: 3,
    load: async () => (await import('./instrumentation.ts')).instrumentation,
  },
  collector: {
    says: 'spans a second from socket to graph, against DuckDB’s appender',
    runs: 3,
    load: async () => (await import('./collector.ts')).collector,
  },
  peers: {
    says: 'the OpenTelemetry Collector, Phoenix and Trace under the same load (Linux)',
    runs: 3,
    load: async () => (await import('./peers.ts')).peers,
  },
  memory: {
    says: 'memory of the collector at rest and at its most, under several settings (Linux)',
    runs: 1,
    load: async () => (await import('./memory.ts')).memory,
  },
  start: {
    says: 'how long a collector takes to start and to end, with a million spans',
    runs: 1,
    load: async () => (await import('./start.ts')).start,
  },
  operations: {
    says: 'what redaction and retention cost the intake',
    runs: 3,
    load: async () => (await import('./operations.ts')).operations,
  },
  soak: {
    says: 'memory of a collector at a steady rate (ten minutes)',
    runs: 1,
    load: async () => (await import('./soak.ts')).soak,
  },
  backward: {
    says: 'load and backward of stored runs, subgraphs, prompts',
    runs: 3,
    load: async () => (await import('./backward.ts')).backward,
  },
  isolation: {
    says: 'calls of changed code, and how far past its limit it is stopped',
    runs: 3,
    load: async () => (await import('./isolation.ts')).isolation,
  },
  gate: {
    says: 'error rates, power and cost of the gate, by simulation (long)',
    runs: 1,
    load: async () => (await import('./gate.ts')).gate,
  },
  'gate-short': {
    says: 'the same with fewer repetitions',
    runs: 1,
    load: async () => (await import('./gate.ts')).gateShort,
  },
  trials: {
    says: 'what a trial takes beside the agent',
    runs: 1,
    load: async () => (await import('./trials.ts')).trialsOverhead,
  },
  replay: {
    says: 'what a replay executes and saves, over 1,000 programs',
    runs: 1,
    load: async () => (await import('./replay.ts')).replay,
  },
  'replay-full': {
    says: 'the same over 10,000 programs (long)',
    runs: 1,
    load: async () => (await import('./replay.ts')).replayFull,
  },
  edges: {
    says: 'edges derived when they are asked for, against a table of them',
    runs: 1,
    load: async () => (await import('./edges.ts')).edges,
  },
  versions: {
    says: 'spans that each show a new version of a parameter, up to 100,000',
    runs: 3,
    load: async () => (await import('./versions.ts')).versions,
  },
  'versions-full': {
    says: 'the same up to a million',
    runs: 1,
    load: async () => (await import('./versions.ts')).versionsFull,
  },
  scale: {
    says: 'intake and queries of a growing store (long)',
    runs: 1,
    load: async () => (await import('./scale.ts')).scale,
  },
}

/** What runs where nothing is named: the main paths. */
export const usual: readonly string[] = ['instrumentation', 'collector', 'backward', 'versions']
