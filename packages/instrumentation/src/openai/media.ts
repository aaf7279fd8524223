import { blobPart, dataUrlBlob, type Part } from './blob.ts'
import { type Fields, member, textOf } from './json.ts'

/** Where an image, audio or a file is. */
interface Source {
  readonly modality: string
  readonly url?: unknown
  /** In base 64, or a data URL. */
  readonly data?: unknown
  readonly fileId?: unknown
  readonly mimeType?: unknown
  readonly name?: unknown
}

/** How each kind of part says where its content is: OpenAI's, Anthropic's and the Model Context Protocol's. */
const readers: Readonly<Record<string, (part: Fields) => Source>> = {
  image_url: (part) => ({ modality: 'image', url: urlOf(part.image_url) }),
  input_image: image,
  output_image: image,
  computer_screenshot: image,
  image: (part) => ({ modality: 'image', ...heldIn(part) }),
  audio: (part) => ({ modality: 'audio', ...heldIn(part) }),
  video: (part) => ({ modality: 'video', ...heldIn(part) }),
  document: (part) => ({ modality: 'document', ...heldIn(part) }),
  audio_url: (part) => ({ modality: 'audio', url: urlOf(part.audio_url) }),
  video_url: (part) => ({ modality: 'video', url: urlOf(part.video_url) }),
  input_audio: sound,
  output_audio: sound,
  input_video: (part) => ({
    modality: 'video',
    url: urlOf(part.video_url) ?? urlOf(part.input_video),
  }),
  input_file: file,
  file: (part) => file(member(part, 'file') ?? part),
  image_generation_call: (part) => ({
    modality: 'image',
    data: part.result,
    mimeType: `image/${textOf(part.output_format) ?? 'png'}`,
  }),
}

/** The part that stands for an image, audio or a file; `undefined` for anything else, and where it is empty. */
export function mediaPart(part: Fields): Part | undefined {
  const type = textOf(part.type)
  if (type === undefined || !Object.hasOwn(readers, type)) return undefined
  const source = readers[type]?.(part)
  return source && partFrom(source)
}

function partFrom(source: Source): Part | undefined {
  const name = textOf(source.name)
  const named = name !== undefined && { name }
  const mimeType = textOf(source.mimeType)
  const { modality } = source
  const data = textOf(source.data) ?? dataUrlIn(source.url)
  if (data !== undefined) {
    return { ...(dataUrlBlob(data, modality) ?? blobPart(data, modality, mimeType)), ...named }
  }
  const typed = mimeType !== undefined && { mime_type: mimeType }
  const uri = textOf(source.url)
  if (uri !== undefined) return { type: 'uri', modality, ...typed, uri, ...named }
  const fileId = textOf(source.fileId)
  return fileId === undefined
    ? undefined
    : { type: 'file', modality, ...typed, file_id: fileId, ...named }
}

function dataUrlIn(url: unknown): string | undefined {
  return typeof url === 'string' && /^data:/i.test(url) ? url : undefined
}

/** A URL stands by itself, or in an object with how to look at it. */
function urlOf(value: unknown): unknown {
  return textOf(value) ?? member(value, 'url')
}

function image(part: Fields): Source {
  return { modality: 'image', url: urlOf(part.image_url), fileId: part.file_id }
}

function sound(part: Fields): Source {
  const held = member(part, 'input_audio') ?? part
  const format = textOf(member(held, 'format'))
  return {
    modality: 'audio',
    data: member(held, 'data'),
    url: member(held, 'url'),
    fileId: member(held, 'id') ?? member(held, 'file_id'),
    mimeType: format && `audio/${format}`,
  }
}

function file(part: unknown): Source {
  return {
    modality: textOf(member(part, 'modality')) ?? 'document',
    data: member(part, 'file_data'),
    url: member(part, 'file_url'),
    fileId: member(part, 'file_id'),
    mimeType: member(part, 'mime_type'),
    name: member(part, 'filename') ?? member(part, 'name'),
  }
}

/** `{ source: { type, media_type, data, url } }`, or `{ data, mimeType }`. */
function heldIn(part: Fields): Omit<Source, 'modality'> {
  const held = member(part, 'source') ?? part
  const mimeType = textOf(member(held, 'media_type') ?? member(held, 'mimeType'))
  return {
    data: member(held, 'data'),
    url: member(held, 'url'),
    fileId: member(held, 'file_id'),
    mimeType,
  }
}
