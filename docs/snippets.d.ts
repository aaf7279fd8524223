/** Names that code in the documentation uses without saying where they come from: the reader's own. */
interface Ticket {
  readonly id: string
  readonly subject: string
  readonly body: string
}
/** Asks a model. */
declare function ask(prompt: string): Promise<string>
/** Writes the answer to a customer. */
declare function reply(category: string): Promise<string>
