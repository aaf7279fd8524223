import { digitRows } from './digits.ts'
import { nowhere, type Place, type Preset } from './preset.ts'

const said =
  /(?:ssn|social[ _-]?security(?:[ _-]?(?:number|no))?|itin|tax[ _-]?id)["'`\])]{0,2}\s{0,3}(?:[:=#]|is)?\s{0,3}["'`]?$/i

/** Social security numbers of the USA, and taxpayers' numbers of the same form. */
export const usSsn: Preset = {
  credential: false,
  find(text, traits) {
    if (traits.digits < 9) return nowhere
    const places: Place[] = []
    for (const row of digitRows(text, traits)) {
      row.forEach((area, index) => {
        if (area.digits.length !== 3 && area.digits.length !== 9) return
        const [group, serial] = [row[index + 1], row[index + 2]]
        if (/[A-Za-z\d_.-]/.test(text.charAt(area.from - 1))) return
        if (area.digits.length === 9) {
          const before = text.slice(Math.max(0, area.from - 40), area.from)
          if (said.test(before) && isAssigned(area.digits))
            places.push({ from: area.from, to: area.to })
          return
        }
        if (
          !group ||
          !serial ||
          !/^[ \t.\-_/·]{1,3}$/.test(group.before) ||
          serial.before !== group.before
        )
          return
        if (area.digits.length !== 3 || group.digits.length !== 2 || serial.digits.length !== 4)
          return
        if (
          /[A-Za-z\d_]|-\d/.test(
            text.slice(serial.to, serial.to + 2).replace(/^[^A-Za-z\d_-].*/, ''),
          )
        )
          return
        if (isAssigned(area.digits + group.digits + serial.digits))
          places.push({ from: area.from, to: serial.to })
      })
    }
    return places
  },
  telling: isNameOfNumber,
  named: (name, value) => isNameOfNumber(name) && /^\d{9}$/.test(value),
}

function isNameOfNumber(name: string): boolean {
  return /(?:^|[^a-z])(?:ssn|social_?security(?:_?(?:number|no))?|itin)$/i.test(name)
}

function isAssigned(digits: string): boolean {
  return !/^(?:000|666)|^...00|0000$/.test(digits)
}
