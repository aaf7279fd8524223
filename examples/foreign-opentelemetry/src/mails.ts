/** Mails with the label that a person would give, and the words that person says about a wrong one. */
export const mails = [
  {
    mail: 'Dear shop,\n\nplease send me two more of the   blue mugs.',
    label: 'order',
    words: 'Should be "order": the writer says "send me".',
  },
  {
    mail: 'The mug came in three pieces. This is a disgrace.',
    label: 'complaint',
    words: 'Should be "complaint": the writer says "disgrace".',
  },
  {
    mail: 'You have won!!! Click here to claim your prize.',
    label: 'spam',
    words: 'Should be "spam": the writer says "click here".',
  },
  {
    mail: 'Could you send me a box of the small plates, as last year?',
    label: 'order',
    words: 'Should be "order": the writer says "send me".',
  },
  {
    mail: 'Third broken cup in a row, I am very disappointed.',
    label: 'complaint',
    words: 'Should be "complaint": the writer says "disappointed".',
  },
  {
    mail: 'Cheap watches, click here before midnight',
    label: 'spam',
    words: 'Should be "spam": the writer says "click here".',
  },
] as const
