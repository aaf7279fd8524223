import type { ServedParameters } from '../parameters/served.ts'
import { failure } from './api.ts'

/** Answers an agent that asks for the values in force; 304 where it has them. */
export async function answerParameters(
  request: Request,
  served: () => Promise<ServedParameters>,
  location: string,
): Promise<Response> {
  try {
    const { body, etag } = await served()
    const headers = { etag, 'cache-control': 'no-cache' }
    const known = request.headers.get('if-none-match')?.split(',') ?? []
    if (known.some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*')) {
      return new Response(null, { status: 304, headers })
    }
    return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } })
  } catch (error) {
    return failure(error, location)
  }
}
