export {
  type Block,
  blockText,
  readableBlocks,
  readableText,
  textWithoutPackaging,
} from './blocks.ts'
