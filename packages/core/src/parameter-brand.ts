/** Marks parameters, and their class, for every copy of the packages in a process. */
export const parameterBrand = Symbol.for('trace2.parameter')
