/** How a field's value is written; messages by their name in {@link messages}. */
export type FieldType = Scalar | MessageName

export type Scalar =
  | 'text'
  | 'bool'
  | 'uint32'
  /** A number or one of the names that the field's message gives. */
  | 'enum'
  | 'fixed32'
  | 'fixed64'
  | 'int64'
  | 'double'
  | 'bytes'
  /** Bytes that OTLP's JSON has in hex, not in base64. */
  | 'id'

export interface Field {
  readonly number: number
  readonly name: string
  readonly type: FieldType
  readonly repeated: boolean
  /** Names of an enumeration, the first for 0. */
  readonly names: readonly string[]
}

export type MessageName =
  | 'TracesRequest'
  | 'LogsRequest'
  | 'ResourceSpans'
  | 'ResourceLogs'
  | 'ScopeSpans'
  | 'ScopeLogs'
  | 'Resource'
  | 'EntityRef'
  | 'Scope'
  | 'Span'
  | 'Event'
  | 'Link'
  | 'Status'
  | 'LogRecord'
  | 'KeyValue'
  | 'AnyValue'
  | 'ArrayValue'
  | 'KeyValueList'

const one = (
  number: number,
  name: string,
  type: FieldType,
  names: readonly string[] = [],
): Field => ({ number, name, type, repeated: false, names })

const many = (number: number, name: string, type: FieldType): Field => ({
  number,
  name,
  type,
  repeated: true,
  names: [],
})

export const spanKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
export const statusCodes = ['UNSET', 'OK', 'ERROR']
const severities = [
  'UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level) =>
    ['', '2', '3', '4'].map((degree) => level + degree),
  ),
]

/** The messages of OTLP 1.11 that traces and logs are made of: number, JSON name and type of every field. */
export const messages: Readonly<Record<MessageName, readonly Field[]>> = {
  TracesRequest: [many(1, 'resourceSpans', 'ResourceSpans')],
  LogsRequest: [many(1, 'resourceLogs', 'ResourceLogs')],
  ResourceSpans: [
    one(1, 'resource', 'Resource'),
    many(2, 'scopeSpans', 'ScopeSpans'),
    one(3, 'schemaUrl', 'text'),
  ],
  ResourceLogs: [
    one(1, 'resource', 'Resource'),
    many(2, 'scopeLogs', 'ScopeLogs'),
    one(3, 'schemaUrl', 'text'),
  ],
  ScopeSpans: [one(1, 'scope', 'Scope'), many(2, 'spans', 'Span'), one(3, 'schemaUrl', 'text')],
  ScopeLogs: [
    one(1, 'scope', 'Scope'),
    many(2, 'logRecords', 'LogRecord'),
    one(3, 'schemaUrl', 'text'),
  ],
  Resource: [
    many(1, 'attributes', 'KeyValue'),
    one(2, 'droppedAttributesCount', 'uint32'),
    many(3, 'entityRefs', 'EntityRef'),
  ],
  EntityRef: [
    one(1, 'schemaUrl', 'text'),
    one(2, 'type', 'text'),
    many(3, 'idKeys', 'text'),
    many(4, 'descriptionKeys', 'text'),
  ],
  Scope: [
    one(1, 'name', 'text'),
    one(2, 'version', 'text'),
    many(3, 'attributes', 'KeyValue'),
    one(4, 'droppedAttributesCount', 'uint32'),
  ],
  Span: [
    one(1, 'traceId', 'id'),
    one(2, 'spanId', 'id'),
    one(3, 'traceState', 'text'),
    one(4, 'parentSpanId', 'id'),
    one(5, 'name', 'text'),
    one(6, 'kind', 'enum', spanKinds),
    one(7, 'startTimeUnixNano', 'fixed64'),
    one(8, 'endTimeUnixNano', 'fixed64'),
    many(9, 'attributes', 'KeyValue'),
    one(10, 'droppedAttributesCount', 'uint32'),
    many(11, 'events', 'Event'),
    one(12, 'droppedEventsCount', 'uint32'),
    many(13, 'links', 'Link'),
    one(14, 'droppedLinksCount', 'uint32'),
    one(15, 'status', 'Status'),
    one(16, 'flags', 'fixed32'),
  ],
  Event: [
    one(1, 'timeUnixNano', 'fixed64'),
    one(2, 'name', 'text'),
    many(3, 'attributes', 'KeyValue'),
    one(4, 'droppedAttributesCount', 'uint32'),
  ],
  Link: [
    one(1, 'traceId', 'id'),
    one(2, 'spanId', 'id'),
    one(3, 'traceState', 'text'),
    many(4, 'attributes', 'KeyValue'),
    one(5, 'droppedAttributesCount', 'uint32'),
    one(6, 'flags', 'fixed32'),
  ],
  Status: [one(2, 'message', 'text'), one(3, 'code', 'enum', statusCodes)],
  LogRecord: [
    one(1, 'timeUnixNano', 'fixed64'),
    one(2, 'severityNumber', 'enum', severities),
    one(3, 'severityText', 'text'),
    one(5, 'body', 'AnyValue'),
    many(6, 'attributes', 'KeyValue'),
    one(7, 'droppedAttributesCount', 'uint32'),
    one(8, 'flags', 'fixed32'),
    one(9, 'traceId', 'id'),
    one(10, 'spanId', 'id'),
    one(11, 'observedTimeUnixNano', 'fixed64'),
    one(12, 'eventName', 'text'),
  ],
  KeyValue: [one(1, 'key', 'text'), one(2, 'value', 'AnyValue')],
  AnyValue: [
    one(1, 'stringValue', 'text'),
    one(2, 'boolValue', 'bool'),
    one(3, 'intValue', 'int64'),
    one(4, 'doubleValue', 'double'),
    one(5, 'arrayValue', 'ArrayValue'),
    one(6, 'kvlistValue', 'KeyValueList'),
    one(7, 'bytesValue', 'bytes'),
  ],
  ArrayValue: [many(1, 'values', 'AnyValue')],
  KeyValueList: [many(1, 'values', 'KeyValue')],
}

export const wireTypes: Readonly<Record<Scalar, number>> = {
  text: 2,
  bool: 0,
  uint32: 0,
  enum: 0,
  fixed32: 5,
  fixed64: 1,
  int64: 0,
  double: 1,
  bytes: 2,
  id: 2,
}

export function isMessage(type: FieldType): type is MessageName {
  return Object.hasOwn(messages, type)
}

/** Messages nest at most so deep: 64 levels of values, three messages each, within a span. */
export const MAX_MESSAGES = 64 * 3 + 8
