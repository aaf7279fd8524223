/**
 * The type of a parameter that only its default value tells of. An empty list is one of unknown items, and `null` may be
 * replaced by anything; so it is for the members of an object. Each branch takes a `Default`, also one that is a type
 * parameter of the caller.
 */
export type Open<Default> = [Default] extends [null]
  ? unknown
  : [Opened<Default>] extends [Default]
    ? Default
    : Opened<Default>

type Opened<Default> = { [Name in keyof Default]: OpenMember<Default[Name]> }

type OpenMember<Value> = [Value] extends [null]
  ? unknown
  : [OpenedMember<Value>] extends [Value]
    ? Value
    : OpenedMember<Value>

type OpenedMember<Value> = {
  [Name in keyof Value]: [Value[Name]] extends [null] ? unknown : Value[Name]
}

/**
 * A default value, or what it should be where the schema is of another type. Pairs are compared because TypeScript
 * would not widen `'fast'` to `string` for a condition on `Default` alone.
 */
export type Fitting<Default, Value> = [Default, 'fits'] extends [Value, 'fits']
  ? Default
  : NoInfer<Value>
