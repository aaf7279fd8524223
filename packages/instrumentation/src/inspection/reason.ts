const longest = 200

/** What a thrown value says, for a message of ours; a value that cannot even be read says that. */
export function reasonOf(thrown: unknown): string {
  try {
    return String(thrown).slice(0, longest)
  } catch {
    return 'it cannot be read'
  }
}
