import type { Schema } from '@cfworker/json-schema'
import { feedbackDialects } from '../forward/feedback/dialect.ts'
import { ALL, presets } from '../redaction/presets/index.ts'

const text: Schema = { type: 'string', minLength: 1 }
const texts: Schema = { type: 'array', items: text }
const size: Schema = {
  description: 'a size such as "500MB", "20GB" or "512MiB"',
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?([KMGT]?B|[kmgt]?b|[KMGT]iB)$',
}
const duration: Schema = {
  description: 'a duration such as "12h" or "30d"',
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?[smhdw]$',
}

const closed = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

/** JSON schema of the collector's configuration file, `trace2.collector.json`. */
export const configSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Configuration of a Trace2 collector',
  ...closed({
    $schema: text,
    db: text,
    host: text,
    port: { type: 'integer', minimum: 0, maximum: 65_535 },
    memory: size,
    maxBodySize: size,
    journalQuota: size,
    databaseMemory: size,
    queryTimeout: duration,
    logLevel: { enum: ['trace', 'debug', 'info', 'warn', 'error', 'silent'] },
    security: closed({
      tokenFile: text,
      tls: closed({ certFile: text, keyFile: text }, ['certFile', 'keyFile']),
      allowUnauthenticated: { type: 'boolean' },
      corsOrigins: texts,
      allowedHosts: texts,
    }),
    forward: {
      type: 'array',
      items: closed(
        {
          url: {
            description: 'an address that begins with http:// or https://',
            type: 'string',
            pattern: '^https?://',
          },
          headers: { type: 'object', additionalProperties: { type: 'string' } },
          encoding: { enum: ['as-sent', 'protobuf', 'json'] },
          signals: { type: 'array', items: { enum: ['traces', 'logs'] }, minItems: 1 },
          compression: { enum: ['none', 'gzip'] },
          feedback: { enum: [...feedbackDialects] },
        },
        ['url'],
      ),
    },
    parametersFile: text,
    retention: closed({
      maxAge: duration,
      maxSize: size,
      maxShare: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    }),
    redaction: closed(
      {
        keyFile: text,
        rules: {
          type: 'array',
          items: closed(
            {
              name: {
                description: 'one to forty letters, digits, - and _',
                type: 'string',
                pattern: '^[A-Za-z0-9_-]{1,40}$',
              },
              keys: { type: 'array', items: text, minItems: 1 },
              pattern: text,
              preset: { enum: [...Object.keys(presets), ALL] },
              parameters: { type: 'boolean' },
            },
            ['name'],
          ),
        },
      },
      ['rules'],
    ),
  }),
}
