import { transcode } from '@trace2/store/otlp'
import { expect, it } from 'vitest'
import { redactedLogs } from './redact-logs.ts'
import { Redactor } from './redactor.ts'

const redactor = new Redactor({
  key: 'a-key-that-nobody-knows',
  rules: [
    { name: 'email', preset: 'email' },
    { name: 'secret', keys: ['password'] },
  ],
})
const mail = 'ann@customer.example'
const text = (stringValue: string) => ({ stringValue })

const record = {
  timeUnixNano: '5',
  observedTimeUnixNano: '6',
  severityNumber: 9,
  severityText: 'INFO',
  flags: 1,
  traceId: '0000000000000000000000000000000a',
  spanId: '0000000000000001',
  eventName: 'gen_ai.user.message',
  body: { kvlistValue: { values: [{ key: 'password', value: text('open sesame') }] } },
  attributes: [{ key: 'note', value: text(`from ${mail}`) }],
}
const logs = (future: object) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'owner', value: text(mail) }], droppedAttributesCount: 2 },
      scopeLogs: [
        { scope: { name: 'agent', version: '1' }, logRecords: [{ ...record, ...future }] },
      ],
      schemaUrl: 'https://schema.test/',
    },
  ],
})

it.each(['json', 'protobuf'] as const)(
  'keeps all of a log but what the rules take out, in %s',
  (encoding) => {
    const json = Buffer.from(JSON.stringify(logs({ future: mail })))
    const sent = transcode('logs', json, 'json', encoding).body
    const left = Buffer.from(redactedLogs(sent, encoding, redactor)).toString()
    expect(left).not.toMatch(/ann@|sesame|future/)
    const hidden = expect.stringMatching(/\[redacted:email:[0-9a-f]{16}\]$/)
    const withheld = expect.stringMatching(/^\[redacted:secret:[0-9a-f]{16}\]$/)
    const expected = {
      ...record,
      body: { kvlistValue: { values: [{ key: 'password', value: text(withheld) }] } },
      attributes: [{ key: 'note', value: text(hidden) }],
    }
    const [group] = logs({}).resourceLogs
    expect(JSON.parse(left)).toEqual({
      resourceLogs: [
        {
          ...group,
          resource: {
            attributes: [{ key: 'owner', value: text(hidden) }],
            droppedAttributesCount: 2,
          },
          scopeLogs: [{ scope: { name: 'agent', version: '1' }, logRecords: [expected] }],
        },
      ],
    })
  },
)
