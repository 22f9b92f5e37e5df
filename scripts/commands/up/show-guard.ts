import type {Show} from './show.js'
import {compareWithHead, type Run} from './stages.js'

/** Shows what the guard says; answers with the unlocks the run goes on under, or `null` when it is locked. */
export async function showGuard(
  run: Run,
  original: string,
  show: Show,
  isFault: boolean,
): Promise<readonly string[] | null> {
  const guarded = await compareWithHead(run.folder, original, run.clock.nowMs())
  const result = guarded?.result
  if (!result) {
    show.stage('diff-check', {zh: '没有可比较的 git 历史，跳过比较', en: 'no git history to compare with'})
    return []
  }
  const {changed, total} = result.links
  const people = {
    zh: `影响成员 ${result.people.before} → ${result.people.after}`,
    en: `members ${result.people.before} → ${result.people.after}`,
  }
  show.stage('diff-check', {
    zh: `与 HEAD 相比 ${result.changes.length} 处语义改动，链接变化 ${changed}/${total}，${people.zh}`,
    en: `${result.changes.length} changes in meaning since HEAD, links ${changed}/${total}, ${people.en}`,
  })
  for (const lock of result.locks) show.line({zh: `✖ ${lock.says.zh}`, en: `✖ ${lock.says.en}`})
  if (result.locks.length === 0) return []
  if (!isFault) {
    show.line({
      zh: '到此为止：把改动改小，或先提交（这里的基准是 HEAD）再试。',
      en: 'It stops here: make the change smaller, or commit it first (the base here is HEAD).',
    })
    return null
  }
  show.line({
    zh: '演示：假定两个其他部门的安全员已解锁，看灰度能否拦住',
    en: 'demonstration: two security officers of other departments are taken to have unlocked it; will the canary stop it?',
  })
  return result.locks.map(({scope}) => scope)
}
