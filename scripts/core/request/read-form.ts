/** The fields of the form, by the headings GitHub writes them under. */
export const FIELDS = ['角色', '给谁', '范围文件', '范围部门', '开始', '截止', '工单号', '理由'] as const

export type Field = (typeof FIELDS)[number]

/** What stands under a heading, and the line of the heading (from 1). */
export interface Answered {
  readonly line: number
  readonly text: string
}

/** The form as it was sent; fields that were left empty are absent. */
export interface Form {
  readonly answers: ReadonlyMap<Field, Answered>
  /** Line of each field's heading, answered or not. */
  readonly lines: ReadonlyMap<Field, number>
}

/** What GitHub writes where nothing was written. */
const NOTHING = '_No response_'

/**
 * An issue made from the form: each field a heading, its answer below. Text before the first heading belongs to nobody. The
 * first heading of a field counts; a later one, and any other heading, is text that somebody wrote into an answer.
 */
export function readForm(body: string): Form {
  const lines = new Map<Field, number>()
  const written = new Map<Field, string[]>()
  let current: string[] = []
  for (const [index, line] of body.split(/\r?\n/).entries()) {
    const heading = /^###\s+(.*?)\s*$/.exec(line)?.[1]?.normalize('NFC')
    const field = FIELDS.find((name) => name === heading)
    if (field === undefined || lines.has(field)) current.push(line)
    else {
      lines.set(field, index + 1)
      written.set(field, (current = []))
    }
  }
  const answers = [...written].flatMap(([field, own]) => {
    const text = own.join('\n').trim().normalize('NFC')
    return text === '' || text === NOTHING ? [] : [[field, {line: lines.get(field) ?? 1, text}] as const]
  })
  return {answers: new Map(answers), lines}
}
