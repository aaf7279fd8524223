// `node examples/foreign/model/main.mjs [PORT]`: starts the scripted model and prints its address.
import { startModel } from './server.mjs'

const { url } = await startModel({ port: Number(process.argv[2] ?? 0) })
console.log(`Scripted model: ${url}`)
console.log(`OPENAI_BASE_URL=${url}/v1 OPENAI_API_KEY=none`)
console.log(`ANTHROPIC_BASE_URL=${url} ANTHROPIC_API_KEY=none`)
console.log(`GOOGLE_GEMINI_BASE_URL=${url} GEMINI_API_KEY=none OLLAMA_HOST=${url}`)
