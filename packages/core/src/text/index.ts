export { printable, printableJson, printableLines } from './printable.ts'
export { identifier, parameterLabel, showValue } from './show.ts'
export { mentioned, words } from './words.ts'
