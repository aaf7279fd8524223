export { type ChangedLine, changedLines, linesToCompare, withEndShown } from './changed-lines.ts'
export { type NewUnseen, newUnseen, unseenText } from './new-unseen.ts'
export {
  escapeCharacter,
  printable,
  printableJson,
  printableLines,
  printableParts,
} from './printable.ts'
export { aliasOf, identifier, isAlias, type NamedThing, parameterLabel } from './prompt-name.ts'
export { showValue } from './show.ts'
export { looksSame, type ToldApart, toldApart } from './told-apart.ts'
export { findUnseen, type Unseen, type UnseenKind } from './unseen.ts'
export { unseenName } from './unseen-name.ts'
export { mentioned, words } from './words.ts'
