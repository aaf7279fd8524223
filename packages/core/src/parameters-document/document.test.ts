import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from './document.ts'
import { repeatedKey } from './repeated-key.ts'

describe('a key that stands twice', () => {
  it.each([
    ['{"a":1,"b":{"a":1}}', undefined],
    ['{"a":1,"b":2,"a":3}', { key: 'a', line: 1 }],
    ['{"a":[{"x":1,\n"\\u0078":2}]}', { key: 'x', line: 2 }],
    ['{"a":"a","b":"a"}', undefined],
    ['["a","a",{"a" \r\n : "}{\\"", "b":[], "a"\n:1}]', { key: 'a', line: 2 }],
    ['{"__proto__":1,"__proto__":2}', { key: '__proto__', line: 1 }],
  ])('is found in %s', (json, found) => {
    expect(repeatedKey(json)).toEqual(found)
  })

  it('is in no text that was made of a value, and in each where a member is said again', () => {
    const value = fc.json({ noUnicodeString: false } as object)
    fc.assert(
      fc.property(value, fc.string(), (json, key) => {
        expect(repeatedKey(json)).toBeUndefined()
        const name = JSON.stringify(key)
        const twice = `[\n{${name}:${json},\n${name}:${json}}]`
        const line = json.split('\n').length + 2
        expect(repeatedKey(twice)).toEqual({ key, line })
      }),
    )
  })
})

describe('a document that is none', () => {
  it.each([
    ['{"trace2":1,\n<<<<<<< HEAD\n"parameters":{}\n', 'line 2 is the mark of a merge conflict'],
    ['{"trace2":1,\r\n||||||| base\r\n"parameters":{}\r\n', 'line 2 is the mark of a merge'],
    ['// mine\n{"trace2":1,"parameters":{}}', 'line 1 has a comment'],
    ['{"trace2":1,\n  /* mine */ "parameters":{}}', 'line 2 has a comment'],
    ['{"trace2":1,\n"parameters":{},\n}', 'line 3'],
    ['{"trace2":1,"parameters":{\n"a":{"value":1},\n"a":{"value":2}}}', '"a" twice'],
    ['{"trace2":1,"parameters":{\n"a":{"value":1},\n"a":{"value":2}}}', 'line 3'],
  ])('%j says where', (text, said) => {
    expect(() => parseDocument(text)).toThrow(said)
  })
})
