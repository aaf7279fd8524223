import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { isolate } from './index.ts'

/** What esbuild makes of a function for an older language; the helpers that it puts before it are left out. */
async function lowered(source: string, target: string): Promise<string> {
  const { code } = await transform(`take(${source})`, { target, keepNames: true })
  return code.slice(code.indexOf('take(') + 'take('.length, code.lastIndexOf(')'))
}

const functions = {
  'async functions': 'async (x) => { await null; return x + (await Promise.resolve(1)) }',
  'a rejected promise':
    'async (x) => { try { await Promise.reject(new Error("no")) } catch (error) { return error.message + x } }',
  'async generators':
    'async (x) => { async function* f() { yield x; yield* g(); yield await 3 } async function* g() { yield 2 } const all = []; for await (const y of f()) all.push(y); return all }',
  'for await over plain values':
    'async (x) => { const all = []; for await (const y of [x, Promise.resolve(2)]) all.push(y); return all }',
  'spread and rest of objects':
    '(x) => { const { a, ...rest } = { a: x, b: 2, ...{ c: 3 } }; return [a, rest] }',
  'getters in spread objects': '(x) => ({ ...{ x }, get y() { return 2 } }).y + x',
  'private members':
    '(x) => { class A { #n = x; #m() { return this.#n++ } static has(a) { return #n in a } get() { this.#n += 1; return [this.#m(), this.#n, A.has(this)] } } return new A().get() }',
  'fields of classes':
    '(x) => { class A { n = x; static s = 2; ["c" + 1] = 3 } return [new A(), A.s] }',
  'powers and absent values': '(x) => [2 ** x, x?.y?.z ?? "none"]',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
  'templates with tags': '(x) => ((parts, ...values) => [parts.raw, values])`a${x}\\n`',
  'functions that keep their names':
    '(x) => { const f = () => x; function g() { return f() } class A { static n = A.name } return [f.name, g.name, A.n, g()] }',
}

describe.each(['es2015', 'es2016', 'es2018', 'es2022'])('built for %s', (target) => {
  test.each(Object.entries(functions))('%s', async (_what, source) => {
    const [plain, built] = [await isolate(source), await isolate(await lowered(source, target))]
    expect(await built(1)).toEqual(await plain(1))
  })
})

// As TypeScript, swc and Babel write them.
test.each([
  ['(x) => __awaiter(void 0, void 0, void 0, function* () { yield null; return x + 1 })', [1], 2],
  [
    'function f(x) { return __awaiter(this, void 0, void 0, function () { return __generator(this, function (_a) { switch (_a.label) { case 0: return [4, null]; case 1: _a.sent(); return [2, x + 1]; } }); }); }',
    [1],
    2,
  ],
  [
    '(x) => tslib_1.__spreadArray(tslib_1.__spreadArray([], x, true), [3], false)',
    [[1, 2]],
    [1, 2, 3],
  ],
  [
    '(x) => { const { a } = x, rest = __rest(x, ["a"]); return __assign(__assign({}, rest), { a: a + 1 }) }',
    [{ a: 1, b: 2 }],
    { b: 2, a: 2 },
  ],
  [
    '(x) => { var _a; class A { constructor() { _n.set(this, x) } get() { return __classPrivateFieldGet(this, _n, "f") } } var _n = new WeakMap(); return new A().get() }',
    [7],
    7,
  ],
  [
    '(x) => { const [a, b] = _sliced_to_array(x, 2); return _object_spread_props(_object_spread({}, { a }), { b }) }',
    [[1, 2]],
    { a: 1, b: 2 },
  ],
  ['(x) => (0, _async_to_generator._)(function* () { yield null; return x })()', [1], 1],
  ['(x) => _asyncToGenerator(function* () { yield null; return x })()', [1], 1],
  [
    '(x) => { var _n = new WeakMap(); const o = {}; _class_private_field_init(o, _n, { writable: true, value: x }); _class_private_field_set(o, _n, x + 1); return _class_private_field_get(o, _n) }',
    [1],
    2,
  ],
  ['(x) => __async2(null, null, function* () { return yield x })', [1], 1],
])('%s', async (source, args, expected) => {
  const built = await isolate(source)
  expect(await built(...args)).toEqual(expected)
})
