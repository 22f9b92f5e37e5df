import type {Config} from '../model/config.js'
import type {WrittenMember} from '../model/written.js'
import {offer, type Say, shown} from './complain.js'
import type {Answered} from './read-form.js'

const MOST_SUBJECTS = 20

/**
 * `github:login`, `member:userid`, or either without its prefix. Only people of the organization who have not left can be
 * given a role: whoever is missing there comes in by the mirror first.
 */
export function checkSubjects(answered: Answered | undefined, {organization}: Config, say: Say): string[] {
  if (!answered) return []
  const members = organization.value.members ?? []
  const words = [...new Set(answered.text.split(/[\s,，、;；]+/).filter((word) => word !== ''))]
  if (words.length > MOST_SUBJECTS) {
    say(
      '给谁',
      'request-is-small',
      {
        zh: `一次最多给 ${MOST_SUBJECTS} 人，这里写了 ${words.length} 个`,
        en: `at most ${MOST_SUBJECTS} people at once, here are ${words.length}`,
      },
      {
        zh: '分成几张申请，或请授权管理员按部门授予',
        en: 'ask in several requests, or have the role given to a department',
      },
    )
    return []
  }
  const subjects = words.flatMap((word) => checkSubject(word, members, say) ?? [])
  return [...new Set(subjects)]
}

const isSame = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase()

function checkSubject(word: string, members: readonly WrittenMember[], say: Say): string | null {
  const [, prefix, name = ''] = /^(?:(github|member):)?@?(.+)$/.exec(word) ?? []
  const byLogin = prefix === 'member' ? undefined : members.find(({github}) => isSame(github, name))
  const byId = prefix === 'github' ? undefined : members.find(({id}) => isSame(id, name))
  const member = byLogin ?? byId
  if (!member) {
    const logins = members.flatMap(({github}) => github ?? [])
    const ids = members.map(({id}) => id)
    say(
      '给谁',
      'subject-unknown',
      {zh: `organization.yaml 里没有「${shown(word)}」`, en: `organization.yaml knows no "${shown(word)}"`},
      offer(name, prefix === 'github' ? logins : prefix === 'member' ? ids : [...logins, ...ids]),
    )
    return null
  }
  if (byLogin && byId && byLogin !== byId) {
    say(
      '给谁',
      'subject-is-clear',
      {
        zh: `「${shown(word)}」既是一个人的 GitHub 账号，又是另一个人的 userid`,
        en: `"${shown(word)}" is the GitHub login of one person and the userid of another`,
      },
      {zh: `写作 github:${name} 或 member:${name}`, en: `write github:${name} or member:${name}`},
    )
    return null
  }
  const {id, github, status = 'active'} = member
  if (status !== 'active') {
    say(
      '给谁',
      'subject-is-active',
      {
        zh: `「${shown(word)}」已${status === 'left' ? '离职' : '停用'}`,
        en: `"${shown(word)}" ${status === 'left' ? 'has left' : 'is disabled'}`,
      },
      {zh: '换成在职的人', en: 'name somebody who is active'},
    )
    return null
  }
  return byLogin && github !== undefined ? `github:${github}` : `member:${id}`
}
