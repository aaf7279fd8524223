/** What a member of an unknown value is; `undefined` where there is none. */
export function member(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

export function textMember(value: unknown, key: string): string | undefined {
  const found = member(value, key)
  return typeof found === 'string' ? found : undefined
}

export function numberMember(value: unknown, key: string): number | undefined {
  const found = member(value, key)
  return typeof found === 'number' ? found : undefined
}

export function listMember(value: unknown, key: string): readonly unknown[] {
  const found = member(value, key)
  return Array.isArray(found) ? found : []
}
