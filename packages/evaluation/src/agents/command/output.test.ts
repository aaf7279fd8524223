import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandOutput } from './output.ts'

const outputOf = (text: string) => commandOutput(Buffer.from(text))
const object = fc.dictionary(
  fc.string().filter((key) => key !== 'output' && key !== '__proto__'),
  fc.jsonValue(),
)

describe('the output of a command', () => {
  it.each([
    ['{"output":{"a":1}}', { a: 1 }],
    ['{"output":null}', null],
    ['{"output":"x","usage":{"tokens":3}}', 'x'],
    ['{"answer":1}', { answer: 1 }],
    ['"text"', 'text'],
    ['42\n', 42],
    ['loading …\n{"output":1}\n', 1],
    ['loading …\n{\n  "output": [\n    1\n  ]\n}\n', [1]],
    ['{"step":1}\n{"output":2}', 2],
    ['[1]\n[2]', [2]],
    ['loading …\r\n{"output":1}\r\n', 1],
    ['The answer is 42.', 'The answer is 42.'],
    ['Answer:\n42', 'Answer:\n42'],
    ['see [1]', 'see [1]'],
    ['{a} and {b}', '{a} and {b}'],
  ])('%j', (text, output) => expect(outputOf(text)).toEqual({ output }))

  it.each([
    ['', 'nothing'],
    [' \n', 'nothing'],
    ['{"output": "half', 'none'],
    ['loading …\n{"output": {"a": 1}', 'none'],
    ['{"output": 1} trailing', 'none'],
  ])('%j is none', (text, fault) =>
    expect(outputOf(text)).toEqual({ fault: expect.stringContaining(fault) }),
  )

  it('that is no text is none', () => {
    expect(commandOutput(Buffer.from([0xc3, 0x28]))).toHaveProperty('fault')
  })

  it('is the last document, whatever lines stand before it and however it is laid out', () => {
    const line = fc.string().map((text) => text.replaceAll(/[\r\n]/g, ' '))
    fc.assert(
      fc.property(fc.array(line), object, fc.nat(4), (lines, value, indent) => {
        const text = [...lines, JSON.stringify(value, null, indent), ''].join('\n')
        expect(outputOf(text)).toEqual({ output: JSON.parse(JSON.stringify(value)) })
        const wrapped = [...lines, JSON.stringify({ output: value }, null, indent)].join('\n')
        expect(outputOf(wrapped)).toEqual({ output: JSON.parse(JSON.stringify(value)) })
      }),
    )
  })
})
