/** An error as the OpenAI API answers it: an HTTP status and `{ error: { message, type, param, code } }`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: 400 | 404 | 405 | 413
  readonly param: string | null
  readonly code: string | null

  constructor(
    status: ApiError['status'],
    message: string,
    { param = null, code = null }: { param?: string | null; code?: string | null } = {},
  ) {
    super(message)
    this.status = status
    this.param = param
    this.code = code
  }

  get body() {
    return {
      error: {
        message: this.message,
        type: 'invalid_request_error',
        param: this.param,
        code: this.code,
      },
    }
  }
}
