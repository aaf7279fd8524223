export { excerpt, excerpts, type Terms, termsOf, weighed } from './excerpt.ts'
export { type Fence, fenceFor } from './fence.ts'
export { encodingOf, type Tokenizer, tokenizerFor } from './tokens.ts'
