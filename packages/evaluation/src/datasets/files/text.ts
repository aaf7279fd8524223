import { raise } from '../../errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text of these bytes.
 *
 * @throws {Trace2Error} `T2_CASE_TEXT` for bytes that are not UTF-8: replacement characters would be another text.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    throw raise('T2_CASE_TEXT', 'The text is not UTF-8.', { cause: error })
  }
}
