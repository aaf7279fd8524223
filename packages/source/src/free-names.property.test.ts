import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFacts } from './index.ts'

const names = ['a', 'b', 'c', 'd'] as const
const name = fc.constantFrom(...names)

// A name that is read too early throws, and is found in its scope all the same.
const use = name.map((each) => `(() => { try { return ${each} } catch { return 0 } })();`)

const { body } = fc.letrec<{ body: string; statement: string }>((tie) => ({
  body: fc.array(tie('statement'), { maxLength: 4 }).map((each) => each.join(' ')),
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    use,
    name.map((each) => `var ${each} = 1;`),
    fc.tuple(name, name).map(([a, b]) => `{ let ${a} = 1; typeof ${b}; ({ ${b} }); }`),
    fc.tuple(name, tie('body')).map(([a, inner]) => `(function ${a}() { ${inner} })();`),
    fc.tuple(name, tie('body')).map(([a, inner]) => `((${a}) => { ${inner} })(1);`),
    fc
      .tuple(name, name, tie('body'))
      .map(([a, b, inner]) => `((${a} = ${b === a ? '1' : b}) => { ${inner} })();`),
    fc
      .tuple(name, tie('body'))
      .map(([a, inner]) => `(({ ${a}, x: [y = 1] }) => { ${inner} })({ x: [] });`),
    fc.tuple(name, tie('body')).map(([a, inner]) => `try { throw 1 } catch (${a}) { ${inner} }`),
    fc.tuple(name, tie('body')).map(([a, inner]) => `for (const ${a} of [1]) { ${inner} }`),
    fc
      .tuple(name, tie('body'))
      .map(([a, inner]) => `for (let ${a} = 0; ${a} < 1; ${a}++) { ${inner} }`),
    fc.tuple(name, tie('body')).map(([a, inner]) => `{ function ${a}() { ${inner} } ${a}(); }`),
    fc
      .tuple(name, name, tie('body'))
      .map(
        ([a, b, inner]) =>
          `{ new (class ${a} { static { ${inner} } ${b} = (() => { ${inner} })() })(); }`,
      ),
    fc
      .tuple(name, name)
      .map(([a, b]) => `${a}: for (;;) { break ${a} } switch (1) { case 1: { let ${b}; } }`),
  ),
}))

/** The names that a function looks up outside of itself when all of it runs, by the engine's word. */
function lookedUp(source: string): string[] {
  const seen = new Set<string>()
  const scope = new Proxy(
    {},
    {
      has: (_target, key) => names.some((each) => each === key),
      get: (_target, key) => {
        if (typeof key === 'string') seen.add(key)
        return key === Symbol.unscopables ? undefined : 1
      },
    },
  )
  Function('scope', `with (scope) { return (${source}) }`)(scope)()
  return [...seen].sort()
}

test('the free names of a function are those that it looks up outside of itself', () => {
  fc.assert(
    fc.property(body, (text) => {
      const source = `function () { "use strict"; ${text} }`
      let expected: string[]
      try {
        expected = lookedUp(source)
      } catch (error) {
        fc.pre(!(error instanceof SyntaxError))
        throw error
      }
      const facts = readFacts(source)
      expect(
        'fault' in facts ? facts.fault : [...facts.free].filter((each) => each.length === 1).sort(),
      ).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})
