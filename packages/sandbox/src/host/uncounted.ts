/** Functions whose calls are none of the program: they are bounded otherwise. */
const uncounted = new WeakSet<object>()

export function markUncounted(target: object): void {
  uncounted.add(target)
}

export function isUncounted(target: unknown): boolean {
  return typeof target === 'function' && uncounted.has(target)
}
