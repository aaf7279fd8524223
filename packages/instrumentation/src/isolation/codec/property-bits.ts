/** Attributes of a property as a number: 1 writable, 2 enumerable, 4 configurable. */
export function bitsOf(property: PropertyDescriptor, field: 'value' | 'lazy'): number {
  if (field === 'lazy') return property.enumerable ? 7 : 5
  const writable =
    'value' in property
      ? property.writable
      : property.set !== undefined || property.get !== undefined
  return (writable ? 1 : 0) + (property.enumerable ? 2 : 0) + (property.configurable ? 4 : 0)
}
