/**
 * What an object is for the border: o plain object or instance, a array, d Date, r RegExp, m Map, s Set, b ArrayBuffer,
 * v view of one, e Error, x primitive in an object; and what stays where it is: f function, p promise, g generator,
 * c prototype of a class, y symbol.
 */
export type Kind =
  | 'o'
  | 'a'
  | 'd'
  | 'r'
  | 'm'
  | 's'
  | 'b'
  | 'v'
  | 'e'
  | 'x'
  | 'f'
  | 'p'
  | 'g'
  | 'c'
  | 'y'

/** How one own property of an object crosses. */
export type Field = 'value' | 'lazy' | 'omit'

/** How a class crosses: what it is called, and the members of its prototype that may be used from the other side. */
export interface ClassMembers {
  readonly name: string
  /** Key, `m` for a method, `g` for a getter, `s` for a setter, and the function. */
  readonly members: readonly (readonly [key: PropertyKey, form: string, fn: object])[]
}

/** What one side of the border knows that the other does not. */
export interface Side {
  /** Sign of the ids of the objects that belong to this side. */
  readonly sign: 1 | -1
  /** @throws for an object that cannot cross. */
  kindOf(target: object): Kind
  /** The name of the built-in prototype that an object of a foreign realm has. */
  foreignPrototype(prototype: object, kind: Kind): string | undefined
  fieldOf(target: object, kind: Kind, key: PropertyKey, property: PropertyDescriptor): Field
  /** Whether the other side may change an object that it was given. */
  mayChange(target: object | symbol, kind: Kind): boolean
  /** Whether the bytes of a view cross without the rest of their buffer. */
  crossesAlone(view: object): boolean
  /** Says that the bytes of a view came without the rest of their buffer, and go back so. */
  keepAlone(view: object): void
  /** The prototype that all instances of a function have, where it is a class. */
  prototypeOf(fn: object): object | undefined
  classMembers(prototype: object): ClassMembers
  /** For a function or class that both sides have under one name. */
  nameOfShared(target: object): string | undefined
  shared(name: string): object | undefined
  /** Where an error of this side was made, for the other. */
  stackOf(error: object): string

  makeFunction(id: number, name: string, length: number, prototype: object | undefined): object
  makePromise(id: number): object
  makeGenerator(id: number, isAsync: boolean): object
  makeClass(id: number, name: string, parent: object | null): object
  /** Defines a property that is fetched from the other side when it is read. */
  defineLazy(target: object, key: PropertyKey, id: number, enumerable: boolean): void
  /** Tells where an error of the other side was made. */
  placeError(error: object, stack: string): void
  /** An error that says what of a value cannot cross. */
  refuse(what: string): unknown
}
