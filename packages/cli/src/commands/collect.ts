import { statSync } from 'node:fs'
import type { ClosedStore, CollectorConfig, FeedbackDialect } from '@trace2/collector'
import { defined, printable } from '@trace2/core'
import { type Command, Option } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, isAddress, suggested } from '../options/database.ts'
import { portArgument, repeated } from '../options/numbers.ts'
import { asCalled } from '../terminal/called.ts'
import { aborted } from '../terminal/interruption.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { fields } from '../text/table.ts'
import { counted } from '../text/values.ts'

interface CollectOptions extends DatabaseOptions {
  readonly config?: string
  readonly port?: number
  readonly host?: string
  readonly tokenFile?: string
  readonly allowUnauthenticated?: true
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly corsOrigin?: readonly string[]
  readonly forward?: readonly string[]
  readonly parameters?: string
  readonly memory?: string
  readonly maxAge?: string
  readonly maxSize?: string
  readonly logLevel?: NonNullable<CollectorConfig['logLevel']>
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

export function addCollect(program: Command, terminal: Terminal): void {
  program
    .command('collect')
    .summary('receive OpenTelemetry traces and store them')
    .description(
      'Receives traces from any OpenTelemetry exporter (OTLP over HTTP, JSON or protobuf) and stores them. The other commands use the same database meanwhile. An option counts before its variable, that before the configuration file.',
    )
    .addOption(
      new Option(
        '--config <file>',
        'configuration file (default: trace2.collector.json, where there is one)',
      ).env('TRACE2_COLLECTOR_CONFIG'),
    )
    .addOption(
      new Option('--port <port>', 'port to listen on; 0 is any free one (default: 4318)')
        .env('TRACE2_PORT')
        .argParser(portArgument),
    )
    .addOption(
      new Option('--host <address>', 'address to listen on (default: "127.0.0.1")').env(
        'TRACE2_HOST',
      ),
    )
    .addOption(
      new Option(
        '--token-file <file>',
        'let in only who sends one of the bearer tokens in this file, or TRACE2_TOKEN',
      ).env('TRACE2_TOKEN_FILE'),
    )
    .option(
      '--allow-unauthenticated',
      'with a --host that others can reach: let them in without a token',
    )
    .addOption(
      new Option('--tls-cert <file>', 'certificate chain (PEM): answer HTTPS').env(
        'TRACE2_TLS_CERT',
      ),
    )
    .addOption(new Option('--tls-key <file>', 'private key of it (PEM)').env('TRACE2_TLS_KEY'))
    .option(
      '--cors-origin <origin>',
      'origin of web pages that may call the collector; may be repeated',
      repeated,
    )
    .option(
      '--forward <URL>',
      'OTLP/HTTP receiver that gets everything too, as it came; may be repeated',
      repeated,
    )
    .addOption(
      new Option(
        '--parameters <file>',
        'parameters file for agents that ask at /api/v1/parameters (default: what was accepted last)',
      ).env('TRACE2_PARAMETERS'),
    )
    .addOption(
      new Option(
        '--memory <size>',
        'memory of the collector: 512MiB, 2GiB (default: what the machine allows, 1 GiB at most)',
      ).env('TRACE2_MEMORY'),
    )
    .addOption(
      new Option('--max-age <duration>', 'delete older runs: 12h, 30d').env('TRACE2_MAX_AGE'),
    )
    .addOption(
      new Option('--max-size <size>', 'delete the oldest runs beyond it: 500MB, 20GB').env(
        'TRACE2_MAX_SIZE',
      ),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'JSON lines on standard error (default: info; warn on a terminal)',
      )
        .env('TRACE2_LOG_LEVEL')
        .choices(logLevels),
    )
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples(
        'trace2 collect',
        'trace2 collect --db prod.duckdb --max-age 30d --forward http://jaeger:4318',
      ),
    )
    .action((options: CollectOptions, command: Command) => {
      const given = command.getOptionValueSource('db') !== 'default'
      return collect(options, given ? { db: options.db } : {}, terminal)
    })
}

async function collect(
  options: CollectOptions,
  database: { readonly db?: string },
  terminal: Terminal,
): Promise<void> {
  const { collectorOptions, feedbackDialect, mergeConfigs, readConfig, shownAddress } =
    await import('@trace2/collector')
  const { startCollector, startLog } = await import('@trace2/collector')
  const config = mergeConfigs({ ...fromOptions(options), ...database }, readConfig(options.config))
  const settings = collectorOptions(config, process.env)
  const { db, security, forward = [] } = settings
  if (isAddress(db)) {
    throw raise('T2_USAGE', `A collector needs a file to write to; ${db} is an address.`)
  }
  // What is received is for the collector's user alone: the database, its log, the journal and what is beside them.
  process.umask(process.umask() | 0o077)
  const log = startLog(config.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info'))
  const stop = terminal.interruption('Finishing what has been received.')
  terminal.serve()
  const collector = await startCollector(settings)
  log.info({ url: collector.url, db }, 'listening')
  const shown = database.db ?? config.db ?? options.db
  const targets = forward.map(
    (target) => `${shownAddress(target.url)}, ${feedbackWords[feedbackDialect(target)]}`,
  )
  terminal.print(welcome(collector.url, { db: shown, forward: targets }, terminal))
  if (security?.allowUnauthenticated && !security.tokens?.length) {
    terminal.note(
      terminal.paintNote(
        'error',
        'Anyone who reaches this address can send, read and change data.',
      ),
    )
  }
  await aborted(stop)
  log.info(collector.stats().received, 'closing')
  const closed = await collector.end()
  log.info('closed')
  tellEnd(closed, shown, terminal)
}

/** Where what was received is, which is not always the database. */
function tellEnd({ waiting, incidents }: ClosedStore, db: string, terminal: Terminal): void {
  if (incidents.length > 0) {
    const doctor = asCalled(suggested('trace2 doctor', { db }), terminal.command)
    const what = `Stopped. What was received may not all be in ${printable(db)}; ${doctor} says what happened.`
    terminal.note(terminal.paintNote('error', what))
    return
  }
  const held = `Stopped. ${counted(waiting, 'request')} received ${waiting === 1 ? 'is' : 'are'} in ${printable(db)}.journal; the next start stores them.`
  terminal.note(waiting > 0 ? held : `Stopped. Everything received is in ${whereIs(db)}.`)
}

/** A log too large to be worked off at the end belongs to the database: a copy of the file alone lacks it. */
function whereIs(db: string): string {
  const log = statSync(`${db}.wal`, { throwIfNoEntry: false })
  const file = printable(db)
  return log && log.size > 0 ? `${file} and ${file}.wal, which belong together` : file
}

/** What the command line and the variables say, in the words of the configuration file. */
function fromOptions(options: CollectOptions): CollectorConfig {
  const { tlsCert, tlsKey, maxAge, maxSize, host, port, memory, logLevel } = options
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw raise('T2_USAGE', '--tls-cert and --tls-key belong together.')
  }
  return {
    ...defined({ host, port, memory, logLevel, parametersFile: options.parameters }),
    ...(options.forward && { forward: options.forward.map((url) => ({ url })) }),
    security: {
      ...defined({
        tokenFile: options.tokenFile,
        allowUnauthenticated: options.allowUnauthenticated,
        corsOrigins: options.corsOrigin,
      }),
      ...(tlsCert && tlsKey ? { tls: { certFile: tlsCert, keyFile: tlsKey } } : {}),
    },
    retention: defined({ maxAge, maxSize }),
  }
}

const feedbackWords: Readonly<Record<FeedbackDialect, string>> = {
  otlp: 'feedback as evaluation results',
  phoenix: 'feedback as annotations of Phoenix',
  langfuse: 'feedback as scores of Langfuse',
  none: 'without feedback that is given here',
}

function welcome(
  url: string,
  { db, forward }: { readonly db: string; readonly forward: readonly string[] },
  terminal: Terminal,
): string {
  return [
    terminal.paint('strong', `Listening on ${printable(url)}`),
    fields(
      [
        ['traces', `${url}/v1/traces  (OTLP/HTTP, JSON or protobuf)`],
        ['stored in', db],
        ...forward.map((target) => ['sent on to', target] as const),
        ['parameters', `${url}/api/v1/parameters`],
        ['exporters', `OTEL_EXPORTER_OTLP_ENDPOINT=${url}`],
        ['', 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'],
        ['or in code', `start({ serviceName: 'my-agent', endpoint: '${url}' })`],
        ['look', asCalled(suggested('trace2 runs', { db }), terminal.command)],
        ['stop', 'Ctrl-C'],
      ],
      terminal,
    ),
  ].join('\n')
}
