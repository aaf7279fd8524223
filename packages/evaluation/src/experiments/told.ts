/** A value that is told once, and waited for by whoever needs it. */
export class Told<Value> {
  tell: (value: Value | undefined) => void = () => undefined
  readonly value = new Promise<Value | undefined>((resolve) => {
    this.tell = resolve
  })
}
