export { CHAT_MODEL, EMBEDDING_MODEL } from './protocol/models.ts'
export { type SimulatedModel, type SimulatedModelOptions, startSimulatedModel } from './server.ts'
