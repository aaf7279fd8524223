import type { Trace2Error } from '@trace2/core'
import { isOtlpPath } from '../http/otlp-paths.ts'
import { rpc, statusAnswer } from '../http/otlp-status.ts'

const rpcCodes: Readonly<Record<number, number>> = {
  401: rpc.unauthenticated,
  403: rpc.permissionDenied,
}

/** A refused request's answer, as its path has errors: google.rpc.Status in the sender's encoding, or the API's JSON. */
export function refusal(request: Request, error: Trace2Error): Response {
  const { code, message, remedy, status } = error
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  if (!isOtlpPath(new URL(request.url).pathname)) {
    return Response.json({ code, message, remedy }, { status, headers })
  }
  const told = { code: rpcCodes[status] ?? rpc.internal, message: `${code}: ${message}` }
  return statusAnswer(request, status, told, headers)
}
