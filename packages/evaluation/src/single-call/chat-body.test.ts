import { expect, test } from 'vitest'
import { chatBody } from './chat-body.ts'

const url = 'data:image/png;base64,AA=='

test.each([
  ['OpenAI', { type: 'image_url', image_url: { url } }],
  ['OpenTelemetry', { type: 'uri', uri: url }],
  ['OpenInference', { type: 'image', image: { image: { url } } }],
  ['OpenInference, one level less', { type: 'image', image: { url } }],
])('an image as %s writes it is sent again', (_name, part) => {
  const messages = [{ role: 'user', content: [part] }]
  const told = chatBody({ model: 'm', messages, tools: [], settings: {} }, 'm')
  expect(told).toMatchObject({
    body: { messages: [{ content: [{ type: 'image_url', image_url: { url } }] }] },
  })
})
