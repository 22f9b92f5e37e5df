import type {MemberChange} from './assemble-roster.js'
import {type Sheet, type SheetFinding, wholeFinding} from './sheet.js'

/** People who lose shifts because the sheet has no row of theirs: they left, or the sheet is only a part. */
export function checkUnnamed(
  sheet: Sheet,
  changes: readonly MemberChange[],
  named: ReadonlySet<string>,
): SheetFinding[] {
  const lost = changes.filter(({kind, member}) => kind === 'removed' && !named.has(member.toLowerCase()))
  const members = [...new Set(lost.map(({member}) => member))].sort()
  if (members.length === 0) return []
  return [
    wholeFinding(
      sheet,
      'roster-sheet-names-everybody',
      {
        zh: `班表文件里有、而这张表没有提到的人，会减少 ${lost.length} 天的班：${members.join('、')}`,
        en: `people of the roster file whom the sheet does not name lose shifts on ${lost.length} day(s): ${members.join(', ')}`,
      },
      {
        zh: '若这张表只是一部分人，请导入到另一个班表文件，或补上其他人',
        en: 'if the sheet holds only a part of the people, import it into a roster file of its own, or add the others',
      },
      'warning',
    ),
  ]
}
