// The test puts the forms here again with nothing in `uses`.
export { forms } from './forms.ts'
