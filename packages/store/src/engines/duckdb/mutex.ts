/** Lets one task run at a time, in the order they came. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()
  #tasks = 0

  /** Whether a task waits for another to end. */
  get contended(): boolean {
    return this.#tasks > 1
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    this.#tasks++
    const result = this.#last.then(task, task).finally(() => {
      this.#tasks--
    })
    this.#last = result.catch(() => undefined)
    return result
  }
}
