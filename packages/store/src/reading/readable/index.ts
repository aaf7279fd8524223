export { type Block, blockText, readableBlocks, readableText } from './blocks.ts'
