/** Names of the language itself, which mean the same wherever code runs. */
export const languageNames: ReadonlySet<string> = new Set(
  `undefined NaN Infinity Object Function Array String Number Boolean Symbol BigInt Math JSON Date RegExp Promise Proxy
  Reflect Map Set WeakMap WeakSet WeakRef Iterator ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray
  Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array Error EvalError
  RangeError ReferenceError SyntaxError TypeError URIError AggregateError parseInt parseFloat isNaN isFinite encodeURI
  encodeURIComponent decodeURI decodeURIComponent escape unescape`.split(/\s+/),
)

/** Names of the runtime that only compute, or are bounded by the limits of a call: code may use them undeclared. */
export const runtimeNames: ReadonlySet<string> = new Set(
  `console setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone URL URLSearchParams TextEncoder TextDecoder
  AbortController AbortSignal Headers Intl atob btoa`.split(/\s+/),
)

/** Tells whether code may use a name undeclared: a name of the language, or of the runtime where it is harmless. */
export function isSafeName(name: string): boolean {
  return languageNames.has(name) || runtimeNames.has(name)
}
