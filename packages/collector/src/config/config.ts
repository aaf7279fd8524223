import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Validator } from '@cfworker/json-schema'
import { objectOf } from '@trace2/store/otlp'
import type { CollectorOptions } from '../collector.ts'
import { raise } from '../errors.ts'
import type { ForwardTarget } from '../forward/target.ts'
import type { LogLevel } from '../log/log.ts'
import type { RedactionRule } from '../redaction/rules.ts'
import { tokenFile } from '../security/token-file.ts'
import { configSchema } from './schema.ts'
import { parseDuration, parseSize } from './units.ts'

/** The file that is read where none is named. */
export const CONFIG_FILE = 'trace2.collector.json'

/** What the configuration file says; sizes and durations are texts such as `20GB` and `30d`. */
export interface CollectorConfig {
  /** Path of the DuckDB file, or `:memory:`. Default `trace2.duckdb` in the working directory. */
  readonly db?: string
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** Port to listen on, from 0 to 65,535. 0 takes a free port. Default 4318. */
  readonly port?: number
  /**
   * Memory of the whole collector, which its parts share, for example `512MiB`. Default: what the control group allows, or
   * a quarter of the machine's; 1 GiB at most.
   */
  readonly memory?: string
  /** Largest body of a request, on the wire and unpacked, for example `64MB`. Default: a sixteenth of the memory, 64 MiB at most. */
  readonly maxBodySize?: string
  /**
   * Size of the journal at which senders are told to wait, for example `4GB`. Default: 4 GiB, or 40 % of the disk if
   * that is less.
   */
  readonly journalQuota?: string
  /** Most memory that DuckDB takes for its buffers, for example `1GB`. Default: its share of `memory` where that is set, else 1 GiB. */
  readonly databaseMemory?: string
  /** How long a query of a person may wait and run, for example `30s`. Default: two minutes. */
  readonly queryTimeout?: string
  /** How much is logged. Default: `warn` if standard error is a terminal, otherwise `info`. */
  readonly logLevel?: LogLevel
  /** Who may reach the collector. Default: programs on this machine. */
  readonly security?: {
    /** Path of a file with tokens, separated by white space. A request needs one of them. */
    readonly tokenFile?: string
    /** Paths of the certificate and of its private key, both in PEM. Default: no TLS. */
    readonly tls?: { readonly certFile: string; readonly keyFile: string }
    /** Allows an address beyond this machine without a token. Default `false`. */
    readonly allowUnauthenticated?: boolean
    /** Origins of web pages that may use the collector. Default: none. */
    readonly corsOrigins?: readonly string[]
    /** Names besides `localhost` under which requests may come without a token. */
    readonly allowedHosts?: readonly string[]
  }
  /** OTLP/HTTP receivers that get everything too. Headers may contain `${env:NAME}`. */
  readonly forward?: NonNullable<CollectorOptions['forward']>
  /** Path of the parameters file that agents get. Default: they get the versions that were accepted last. */
  readonly parametersFile?: string
  /** How long (`maxAge`, for example `30d`) and how much (`maxSize`, for example `20GB`) is kept. Default: everything. */
  readonly retention?: {
    readonly maxAge?: string
    readonly maxSize?: string
    /** Most that `maxAge` deletes at once, as a share of the runs; beyond it, nothing is deleted. Default: 0.5. */
    readonly maxShare?: number
  }
  /** Rules for what is taken out of everything that comes in. The key is in `keyFile`, or in `TRACE2_REDACTION_KEY`. */
  readonly redaction?: { readonly keyFile?: string; readonly rules: readonly RedactionRule[] }
}

/** Secrets that are given in the environment, never in the file or on the command line. */
export interface ConfigEnvironment {
  /** Tokens, separated by spaces. They are added to those of the token file. */
  readonly TRACE2_TOKEN?: string | undefined
  /** Key of the redaction rules, of at least 16 characters. It is used if the file names no `keyFile`. */
  readonly TRACE2_REDACTION_KEY?: string | undefined
  /** Those that headers of forward targets name as `${env:NAME}`. */
  readonly [name: string]: string | undefined
}

/**
 * Reads and checks a configuration file. Paths in the file are relative to it.
 *
 * @param path Default: `trace2.collector.json` in the working directory, which need not exist.
 * @throws {Trace2Error} `T2_CONFIG` if the file cannot be read, is not JSON, or does not fit the schema. The message
 * names the place.
 */
export function readConfig(path?: string): CollectorConfig {
  const file = resolve(path ?? CONFIG_FILE)
  if (path === undefined && !existsSync(file)) return {}
  const text = textIn(file).replace(/^\ufeff/, '')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_CONFIG', `${file}${placeIn(text, reason)} is no JSON: ${reason}`, {
      cause: error,
    })
  }
  checkConfig(value, file)
  return withAbsolutePaths(value, dirname(file))
}

/** `:4:12`, line and column, where the parser says how far it came. */
function placeIn(text: string, reason: string): string {
  const position = /at position (\d+)/.exec(reason)?.[1]
  const at = /end of JSON input/.test(reason) ? text.length : Number(position ?? Number.NaN)
  if (Number.isNaN(at)) return ''
  const lines = text.slice(0, at).split('\n')
  return `:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

function checkConfig(value: unknown, file: string): asserts value is CollectorConfig {
  const { valid, errors } = new Validator(configSchema, '2020-12', false).validate(value)
  if (valid) return
  // The innermost places say what is wrong; those around them only that something is.
  const depth = (location: string) => location.split('/').length
  const deepest = Math.max(...errors.map(({ instanceLocation }) => depth(instanceLocation)))
  const places = errors
    .filter(({ instanceLocation }) => depth(instanceLocation) === deepest)
    .map(
      ({ instanceLocation, keyword, keywordLocation, error }) =>
        `${instanceLocation.replace(/^#\/?/, '') || 'the file'}: ${keyword === 'false' ? 'there is no such setting.' : (wantedAt(keywordLocation) ?? error)}`,
    )
  throw raise('T2_CONFIG', `${file} is not valid. ${[...new Set(places)].join(' ')}`)
}

/** What the schema says of the setting itself, which tells more than a pattern that does not match. */
function wantedAt(keywordLocation: string): string | undefined {
  let schema: unknown = configSchema
  for (const part of keywordLocation.split('/').slice(1, -1)) schema = objectOf(schema)?.[part]
  const wanted = objectOf(schema)?.description
  return typeof wanted === 'string' ? `it must be ${wanted}.` : undefined
}

function withAbsolutePaths(config: CollectorConfig, directory: string): CollectorConfig {
  const absolute = (path: string) => resolve(directory, path)
  const { db, security, redaction, parametersFile } = config
  return {
    ...config,
    ...(parametersFile && { parametersFile: absolute(parametersFile) }),
    ...(db === undefined || db === ':memory:' ? {} : { db: absolute(db) }),
    ...(security && {
      security: {
        ...security,
        ...(security.tokenFile && { tokenFile: absolute(security.tokenFile) }),
        ...(security.tls && {
          tls: {
            certFile: absolute(security.tls.certFile),
            keyFile: absolute(security.tls.keyFile),
          },
        }),
      },
    }),
    ...(redaction?.keyFile && {
      redaction: { ...redaction, keyFile: absolute(redaction.keyFile) },
    }),
  }
}

/**
 * Merges two configurations. The first one takes precedence; members of `security` and `retention` are merged one by
 * one.
 */
export function mergeConfigs(first: CollectorConfig, second: CollectorConfig): CollectorConfig {
  return {
    ...second,
    ...first,
    security: { ...second.security, ...first.security },
    retention: { ...second.retention, ...first.retention },
  }
}

/**
 * Makes the options of `startCollector` from a configuration. It reads files, and turns sizes and durations into
 * numbers.
 *
 * @throws {Trace2Error} `T2_CONFIG` if a file cannot be read, or if redaction rules have no key.
 */
export function collectorOptions(
  config: CollectorConfig,
  environment: ConfigEnvironment,
): CollectorOptions {
  const { db = 'trace2.duckdb', host, port, maxBodySize, journalQuota, forward } = config
  const { parametersFile, memory, databaseMemory, queryTimeout } = config
  const targets = forward?.map((target) => withSecrets(target, environment))
  const { maxAge, maxSize, maxShare } = config.retention ?? {}
  return {
    db,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(memory !== undefined && { memoryBytes: parseSize(memory) }),
    ...(maxBodySize !== undefined && { maxBodyBytes: parseSize(maxBodySize) }),
    ...(journalQuota !== undefined && { journalQuotaBytes: parseSize(journalQuota) }),
    ...(databaseMemory !== undefined && { databaseMemoryBytes: parseSize(databaseMemory) }),
    ...(queryTimeout !== undefined && { queryTimeoutMs: 1000 * parseDuration(queryTimeout) }),
    ...(targets && { forward: targets }),
    ...(parametersFile && { parametersFile }),
    security: securityOf(config, environment),
    retention: {
      ...(maxAge !== undefined && { maxAgeSeconds: parseDuration(maxAge) }),
      ...(maxSize !== undefined && { maxBytes: parseSize(maxSize) }),
      ...(maxShare !== undefined && { maxShare }),
    },
    ...redactionOf(config, environment),
  }
}

/** A target with `${env:NAME}` in its headers replaced, as the OpenTelemetry Collector's configuration has it. */
function withSecrets(target: ForwardTarget, environment: ConfigEnvironment): ForwardTarget {
  if (!target.headers) return target
  const filled = (value: string) =>
    value.replace(/\$\{env:(\w+)\}/g, (_, name: string) => {
      const secret = environment[name]
      if (secret) return secret
      throw raise(
        'T2_CONFIG',
        `The variable ${name}, which a header for ${target.url} needs, is not set.`,
      )
    })
  const headers = Object.entries(target.headers).map(([name, value]) => [name, filled(value)])
  return { ...target, headers: Object.fromEntries(headers) }
}

function securityOf(
  { security = {} }: CollectorConfig,
  { TRACE2_TOKEN }: ConfigEnvironment,
): NonNullable<CollectorOptions['security']> {
  const { tls, ...rest } = security
  // A file that is missing or empty is told of before anything is opened.
  if (rest.tokenFile !== undefined) tokenFile(rest.tokenFile)
  return {
    ...rest,
    tokens: wordsOf(TRACE2_TOKEN ?? ''),
    ...(tls && { tls: { cert: textIn(tls.certFile), key: textIn(tls.keyFile) } }),
  }
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

function redactionOf(
  { redaction }: CollectorConfig,
  { TRACE2_REDACTION_KEY }: ConfigEnvironment,
): Pick<CollectorOptions, 'redaction'> {
  if (!redaction || redaction.rules.length === 0) return {}
  const key = redaction.keyFile ? textIn(redaction.keyFile).trim() : TRACE2_REDACTION_KEY
  if (!key) {
    throw raise(
      'T2_CONFIG',
      'Redaction rules need a key: TRACE2_REDACTION_KEY or redaction.keyFile.',
    )
  }
  return { redaction: { key, rules: redaction.rules } }
}

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_CONFIG', `${path} cannot be read: ${reason}`, { cause: error })
  }
}
