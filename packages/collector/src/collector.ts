import { randomBytes } from 'node:crypto'
import { totalmem } from 'node:os'
import type { RetentionPolicy, Store } from '@trace2/store'
import {
  canonicalPath,
  findOwner,
  newOwnerId,
  type Owner,
  ownershipOf,
  removeOwner,
  writeOwner,
} from '@trace2/store'
import { engineFor, storeOf } from '@trace2/store/engines'
import { raise } from './errors.ts'
import { checkTargets, type ForwardTarget } from './forward/target.ts'
import { readinessOf } from './health/health.ts'
import { type CollectorStats, collectorStats } from './health/stats.ts'
import { collectorApp } from './http/app.ts'
import { RefusalLog } from './http/refusal-log.ts'
import { openServers, type Servers } from './http/servers.ts'
import { DirectIntake } from './intake/direct-intake.ts'
import type { Intake } from './intake/intake.ts'
import { defaultMemory, memoryShares, type SystemMemory } from './memory/shares.ts'
import { collectorMetrics } from './metrics/metrics.ts'
import { type ClosedStore, openWithJournal } from './open-with-journal.ts'
import { issuerOf } from './parameters/issuer.ts'
import { servedParameters } from './parameters/served.ts'
import { redacting } from './redaction/redacting.ts'
import { Redactor } from './redaction/redactor.ts'
import type { RedactionOptions } from './redaction/rules.ts'
import { keepRetaining, type Retaining } from './retention/timer.ts'
import { requireSafeBind } from './security/bind.ts'
import { checkSecurity, type SecurityOptions } from './security/options.ts'

/** Options of {@link startCollector}. */
export interface CollectorOptions {
  /** DuckDB file, made if there is none, or `:memory:`. */
  readonly db: string
  /** Port to listen on. 0 takes a free port. Default 4318. */
  readonly port?: number
  /** Address to listen on. Default `127.0.0.1`, which only programs on this machine can reach. */
  readonly host?: string
  /**
   * Memory of the whole process in bytes, mapped files left out. Each part has a share, and requests that do not fit are
   * answered 503. Default: what the control group allows, or a quarter of the machine's; 1 GiB at most.
   */
  readonly memoryBytes?: number
  /** Limit of a request's body in bytes, on the wire and unpacked. Default: a sixteenth of the memory, 64 MiB at most. */
  readonly maxBodyBytes?: number
  /**
   * Size of the intake journal at which senders are told to wait (503). Default 4 GiB; 40 % of what the disk has for
   * it, where that is less.
   */
  readonly journalQuotaBytes?: number
  /**
   * What DuckDB may take for its buffers; a query that needs more goes to disk, beside the database. Default: its share of
   * the memory where that is set, else 1 GiB. A store in memory has no limit but the machine's.
   */
  readonly databaseMemoryBytes?: number
  /** How long a query of a person (`trace2 sql`, `--where`) may wait and run, in milliseconds. Default: two minutes. */
  readonly queryTimeoutMs?: number
  /**
   * Processor time in milliseconds that one request may take to be read. One that takes more is interrupted, kept in a file
   * and not read again. Default 30,000: the largest requests take a few seconds.
   */
  readonly readingLimitMs?: number
  /** OTLP/HTTP receivers that get everything too, in order and at least once. */
  readonly forward?: readonly ForwardTarget[]
  /** Who may reach it: tokens, TLS, origins. Default: programs on this machine. */
  readonly security?: SecurityOptions
  /** What is taken out of everything that comes in, before it is stored or forwarded. */
  readonly redaction?: RedactionOptions
  /**
   * Parameters file whose content agents get at `GET /api/v1/parameters`. Default: they get the versions that were
   * accepted last in this store.
   */
  readonly parametersFile?: string
  /** How much is kept. It is checked every ten minutes. Default: everything. */
  readonly retention?: RetentionPolicy
}

/** A running collector. {@link startCollector} returns it; `await using` closes it. */
export interface Collector extends AsyncDisposable {
  /** Base address, for example `http://127.0.0.1:4318`. */
  readonly url: string
  /** The store of the collector, in the same process. {@link Collector.close} closes it. */
  readonly store: Store
  /** Counts and state of the collector, as `/metrics` shows them. */
  stats(): CollectorStats
  /** Refuses further requests, finishes those under way, stores everything and closes the database. */
  close(): Promise<void>
  /** Closes it as {@link Collector.close} does, and says what is left to be stored and what happened to its files. */
  end(): Promise<ClosedStore>
}

const DEFAULT_PORT = 4318
const DEFAULT_QUOTA = 4 * 1024 ** 3
const DEFAULT_DATABASE_MEMORY = 1024 ** 3
const DEFAULT_READING_LIMIT = 30_000

/**
 * Starts a collector: OTLP/HTTP at `/v1/traces`, the store's interface at `/api/v1/`, `/healthz`,
 * `/readyz` and `/metrics`. It owns the database and says so in a file beside it, so that `openStore` of any other
 * process finds it.
 *
 * @throws {Trace2Error} `T2_STORE_LOCKED` where another process owns the database, `T2_PORT_IN_USE`, `T2_HOST_OPEN`
 *   for an address beyond this machine without a token, `T2_CONFIG`, and what opening a store throws.
 * @example
 * const collector = await startCollector({ db: 'trace2.duckdb' })
 * process.once('SIGTERM', () => void collector.close()) // or `await using collector = …`
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { host = '127.0.0.1', security = {} } = options
  checkSecurity(security)
  requireSafeBind(host, security)
  checkTargets(options.forward ?? [], { host, port: options.port ?? DEFAULT_PORT })
  const redactor = options.redaction && new Redactor(options.redaction)
  const inMemory = options.db === ':memory:'
  if (inMemory && options.forward?.length) {
    throw raise('T2_CONFIG', 'forward: a store in memory has no journal to send on from.')
  }
  const path = inMemory ? options.db : canonicalPath(options.db)
  const owner = inMemory ? undefined : await findOwner(path)
  if (owner && owner.pid !== process.pid) {
    throw raise('T2_STORE_LOCKED', `The collector at ${owner.url} owns the database ${path}.`)
  }
  const { journalQuotaBytes = DEFAULT_QUOTA, forward = [] } = options
  const shares = memoryShares(options.memoryBytes ?? defaultMemory(systemMemory()))
  // Where nobody says how much, a log of the largest size can be read at the next start.
  const database = options.memoryBytes === undefined ? DEFAULT_DATABASE_MEMORY : shares.database
  const { databaseMemoryBytes = database, queryTimeoutMs: queryMs } = options
  const { readingLimitMs = DEFAULT_READING_LIMIT } = options
  const journaled = inMemory
    ? undefined
    : await openWithJournal({
        path,
        journalQuotaBytes,
        shares: { ...shares, database: databaseMemoryBytes },
        queryMs,
        readingLimitMs,
        forward,
      })
  const { store, intake } = redacting(journaled ?? (await openInMemory(path)), redactor)
  const closeStore = async () => {
    await intake.close()
    if (journaled) return journaled.close()
    await store.close()
    return { waiting: 0, incidents: [] }
  }
  const maxBodyBytes = options.maxBodyBytes ?? shares.body
  // Other commands on this machine find a token of their own beside the database, which only its user can read.
  const hasTokens = Boolean(security.tokens?.length) || security.tokenFile !== undefined
  const localToken = hasTokens ? randomBytes(24).toString('base64url') : undefined
  const tokens = localToken ? [...(security.tokens ?? []), localToken] : []
  const received = { accepted: 0, rejected: 0, logs: 0, ignoredLogs: 0 }
  let retaining: Retaining | undefined
  const stats = () =>
    collectorStats(received, journaled, {
      unread: redactor?.unread ?? 0,
      refusedRetention: retaining?.refused(),
    })
  const metrics = collectorMetrics(stats)
  const refusals = new RefusalLog()
  const id = newOwnerId()
  const issuer = inMemory ? id : issuerOf(options.parametersFile ?? path)
  let written: Owner | undefined
  let closing: Promise<ClosedStore> | undefined
  const app = collectorApp({
    store,
    intake,
    maxBodyBytes,
    bodiesBytes: shares.bodies,
    received,
    metrics,
    refusals,
    guard: {
      ...security,
      tokens,
      host,
      onRefused: ({ code, status, message, remedy }, request) => {
        metrics.refused(code)
        refusals.tellOf(request, status, `${code}: ${message} ${remedy}`)
      },
    },
    parameters: servedParameters(store, issuer, options.parametersFile),
    readiness: () => readinessOf(stats(), closing !== undefined),
    ...(inMemory ? {} : { ownership: () => ownershipOf(id, path) }),
  })
  let servers: Servers | undefined
  try {
    const port = options.port ?? DEFAULT_PORT
    servers = await openServers(app.fetch, { host, port, tls: security.tls, refusals })
    if (!inMemory) {
      const token = localToken ? { token: localToken } : {}
      written = { pid: process.pid, url: servers.localUrl, id, path, ...token }
      await writeOwner(written)
    }
  } catch (error) {
    await servers?.close()
    await closeStore()
    throw error
  }
  const { url, close: closeServers } = servers
  const retention = keepRetaining(store, options.retention)
  retaining = retention
  const endOnce = async () => {
    await closeServers()
    refusals.close()
    await retention.stop()
    const closed = await closeStore()
    if (written) await removeOwner(written)
    return closed
  }
  const end = () => {
    closing ??= endOnce()
    return closing
  }
  const close = async () => {
    await end()
  }
  return {
    url,
    store,
    stats,
    close,
    end,
    [Symbol.asyncDispose]: close,
  }
}

function systemMemory(): SystemMemory {
  return { total: totalmem(), constrained: process.constrainedMemory() ?? 0 }
}

async function openInMemory(
  location: string,
): Promise<{ readonly store: Store; readonly intake: Intake }> {
  const engine = await engineFor(location).open(location)
  return { store: storeOf(engine), intake: new DirectIntake(engine.ingest) }
}
