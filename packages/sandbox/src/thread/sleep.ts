/** About 30 µs: the next of several calls in a row comes sooner, and a sleeper is not woken as fast. */
const looks = 4_000

/** Waits until a signal is no longer what was `seen`. */
export function sleep(signals: Int32Array, index: number, seen: number): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(signals, index) !== seen) return
  Atomics.wait(signals, index, seen)
}
