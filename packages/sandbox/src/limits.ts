/** Limits of one call of an isolated function. Past a limit, the call throws `T2_CODE_LIMIT`. */
export interface IsolationLimits {
  /**
   * Longest time of one call, in milliseconds. Waiting for the program, for a request that it makes, does not count;
   * waiting for a timer does. Default 1,000.
   */
  readonly timeMs?: number
  /** Most memory of one call, in bytes. Default 32 MiB. */
  readonly memoryBytes?: number
  /** Most calls of one call into the program: helpers, methods, timers. Default 1,000. */
  readonly calls?: number
  /** Most bytes of arguments and results of one call, in both directions. Default 16 MiB. */
  readonly bytes?: number
}

export type Limits = Required<IsolationLimits>

export function withDefaults(limits: IsolationLimits): Limits {
  return {
    timeMs: limits.timeMs ?? 1_000,
    memoryBytes: limits.memoryBytes ?? 32 * 1024 * 1024,
    calls: limits.calls ?? 1_000,
    bytes: limits.bytes ?? 16 * 1024 * 1024,
  }
}
