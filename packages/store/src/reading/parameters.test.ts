import { expect, it } from 'vitest'
import type { AnyValue } from '../otlp/records.ts'
import { recordedParameters } from './parameters.ts'

const usesOf = (attributes: Readonly<Record<string, AnyValue>>) =>
  recordedParameters(new Map(Object.entries(attributes)))

it('reads every version of a parameter that one span names, each with what is said of it', () => {
  const { parameters, uses } = usesOf({
    'trace2.param.version.tone': 'aaaa',
    'trace2.param.value.tone': '"warm"',
    'trace2.param.trainable.tone': true,
    'trace2.param.version.tone@bbbb': 'bbbb',
    'trace2.param.value.tone@bbbb': '"cold"',
    'trace2.param.description.tone@bbbb': 'A word.',
    'trace2.param.schema.tone@bbbb': '{"type":"string"}',
    'trace2.param.kind.tone@bbbb': 'model',
    'trace2.param.propensity.tone@bbbb': 0.25,
    'trace2.param.version.tone@cccc': 'cccc',
  })
  expect(parameters).toEqual([
    {
      name: 'tone',
      version: 'aaaa',
      value: '"warm"',
      valueKind: 'text',
      trainable: true,
      description: '',
      schema: null,
    },
    {
      name: 'tone',
      version: 'bbbb',
      value: '"cold"',
      valueKind: 'model',
      trainable: false,
      description: 'A word.',
      schema: '{"type":"string"}',
    },
  ])
  expect(uses).toEqual([
    { name: 'tone', version: 'aaaa', propensity: null },
    { name: 'tone', version: 'bbbb', propensity: 0.25 },
    { name: 'tone', version: 'cccc', propensity: null },
  ])
})

it.each([
  ['another version than its key', { 'trace2.param.version.tone@bbbb': 'cccc' }],
  ['a key without a version', { 'trace2.param.version.tone@': '' }],
  ['a name that no parameter has', { 'trace2.param.version.to ne@bbbb': 'bbbb' }],
  ['no text', { 'trace2.param.version.tone@bbbb': 7 }],
])('leaves out a use that says %s', (_, attributes) => {
  expect(usesOf(attributes)).toEqual({ parameters: [], uses: [] })
})
