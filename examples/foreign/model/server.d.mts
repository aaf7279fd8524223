/** What was asked and what was answered. */
export interface Exchange {
  readonly system: string
  readonly tools: readonly { readonly name: string; readonly description: string }[]
  readonly messages: readonly Message[]
  readonly turn: { readonly text: string; readonly call: ToolCall | null }
}

export interface Message {
  readonly role: string
  readonly text: string
  readonly calls: readonly ToolCall[]
  readonly results: readonly { readonly name?: string; readonly text: string }[]
}

export interface ToolCall {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

export function startModel(options?: { readonly port?: number }): Promise<{
  readonly url: string
  readonly exchanges: readonly Exchange[]
  close(): Promise<void>
}>
