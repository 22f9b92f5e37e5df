/** The fields of the form, by the headings GitHub writes them under. */
export const FIELDS = ['角色', '给谁', '范围文件', '范围部门', '开始', '截止', '工单号', '理由'] as const

export type Field = (typeof FIELDS)[number]

/** What stands under a heading, and the line of the heading (from 1); absent where it was left empty. */
export interface Answered {
  readonly line: number
  readonly text: string
}

/** What GitHub writes where nothing was written. */
const NOTHING = '_No response_'

/** An issue made from the form: each field a heading, its answer below. Text before the first heading belongs to nobody. */
export function readForm(body: string): ReadonlyMap<Field, Answered> {
  const found = new Map<Field, {line: number; lines: string[]}>()
  let under: {line: number; lines: string[]} | null = null
  for (const [index, line] of body.split(/\r?\n/).entries()) {
    const [, heading] = /^###\s+(.*?)\s*$/.exec(line) ?? []
    if (heading === undefined) {
      under?.lines.push(line)
      continue
    }
    const field = FIELDS.find((name) => name === heading.normalize('NFC'))
    // A heading that is written twice, by whoever edits the text, is one field: the first counts.
    under = field !== undefined && !found.has(field) ? {line: index + 1, lines: []} : null
    if (field !== undefined && under) found.set(field, under)
  }
  return new Map(
    [...found].flatMap(([field, {line, lines}]) => {
      const text = lines.join('\n').trim()
      return text === '' || text === NOTHING ? [] : [[field, {line, text: text.normalize('NFC')}] as const]
    }),
  )
}
