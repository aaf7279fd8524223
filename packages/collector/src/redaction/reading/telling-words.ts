/**
 * Three letters of each word by which names of secrets and schemes of authorization are known, chosen so that few other
 * words have them; two stand at the beginning of a word. A name in another script is looked for in whatever is not ASCII.
 */
const parts =
  'pas ras nnw nha ola slo htw eno asa dga esl lsz ecr mne hra cod key nne pwd psw pw pin cvv cvc otp mdp cre tok uth sig oki bea sic dsn sas jwt sid ssi nid bho hma ego tlm'

/** Whether three letters, each in five bits, are such a part. */
export const mayTell = new Uint8Array(1 << 15)
for (const part of parts.split(' ')) {
  let letters = 0
  for (const letter of part) letters = ((letters << 5) | (letter.charCodeAt(0) & 31)) & 0x7fff
  mayTell[letters] = 1
}
