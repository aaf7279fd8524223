import type { Trace2Error } from '@trace2/instrumentation/semconv'
import { rpc, statusBody } from '../../http/otlp-status.ts'

const rpcCodes: Readonly<Record<number, number>> = {
  401: rpc.unauthenticated,
  403: rpc.permissionDenied,
}

/** A refused request's answer, as its path has errors: google.rpc.Status in the sender's encoding, or the API's JSON. */
export function refusal(request: Request, error: Trace2Error): Response {
  const { code, message, remedy, status } = error
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  if (!new URL(request.url).pathname.startsWith('/v1/')) {
    return Response.json({ code, message, remedy }, { status, headers })
  }
  const protobuf = /^application\/x-protobuf\b/i.test(request.headers.get('content-type') ?? '')
  const body = statusBody(
    protobuf ? 'protobuf' : 'json',
    rpcCodes[status] ?? rpc.internal,
    `${code}: ${message}`,
  )
  headers['content-type'] = protobuf ? 'application/x-protobuf' : 'application/json'
  return new Response(Buffer.from(body), { status, headers })
}
