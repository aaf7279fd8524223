/** An address as it may be shown: without the secrets that its user, password and query may be. */
export function shownAddress(address: string): string {
  try {
    const { origin, pathname } = new URL(address)
    return origin === 'null' ? address : origin + pathname
  } catch {
    return address
  }
}
