/**
 * SHA-256 (FIPS 180-4) of the UTF-8 bytes of a text, 64 lower-case hex digits, synchronously and in any
 * JavaScript runtime. The runtime's own implementation is used where one can be had without an import
 * (`process.getBuiltinModule`); elsewhere, Web Crypto being asynchronous, the one below.
 */
export function sha256(text: string): string {
  return nativeHash ? nativeHash('sha256', text, 'hex') : portableSha256(text)
}

/** As {@link sha256}, of bytes. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return nativeHash ? nativeHash('sha256', bytes, 'hex') : portableHash(bytes)
}

type NativeHash = (algorithm: string, data: string | Uint8Array, encoding: 'hex') => string

const nativeHash: NativeHash | undefined = (() => {
  const process: unknown = Reflect.get(globalThis, 'process')
  if (typeof process !== 'object' || process === null) return undefined
  const getBuiltinModule: unknown = Reflect.get(process, 'getBuiltinModule')
  if (typeof getBuiltinModule !== 'function') return undefined
  const crypto: { hash?: NativeHash } | undefined = getBuiltinModule.call(process, 'node:crypto')
  return typeof crypto?.hash === 'function' ? crypto.hash : undefined
})()

const roundConstants = new Uint32Array(64)
const initialState = new Uint32Array(8)
// FIPS 180-4 §4.2.2 and §5.3.3: fractional parts of the cube and square roots of the first primes.
for (let candidate = 2, found = 0; found < 64; candidate++) {
  let prime = true
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
    if (candidate % divisor === 0) prime = false
  }
  if (!prime) continue
  const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) >>> 0
  if (found < 8) initialState[found] = fraction(Math.sqrt(candidate))
  roundConstants[found++] = fraction(Math.cbrt(candidate))
}

const rotate = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits))

/** The fallback of {@link sha256}; exported so that tests compare it with the runtime's own. */
export function portableSha256(text: string): string {
  return portableHash(new TextEncoder().encode(text))
}

function portableHash(message: Uint8Array): string {
  const blocks = Math.ceil((message.length + 9) / 64)
  const padded = new Uint8Array(blocks * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n)

  const state = Uint32Array.from(initialState)
  const schedule = new Uint32Array(64)
  const word = (index: number) => schedule[index] ?? 0
  for (let offset = 0; offset < padded.length; offset += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = view.getUint32(offset + i * 4)
    for (let i = 16; i < 64; i++) {
      const a = word(i - 15)
      const b = word(i - 2)
      const small0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
      const small1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
      schedule[i] = word(i - 16) + small0 + word(i - 7) + small1
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
    for (let i = 0; i < 64; i++) {
      const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const choose = (e & f) ^ (~e & g)
      const first = (h + big1 + choose + (roundConstants[i] ?? 0) + word(i)) | 0
      const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + big0 + majority) | 0
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) {
      state[i] = (state[i] ?? 0) + value
    }
  }
  return Array.from(state, (value) => value.toString(16).padStart(8, '0')).join('')
}
