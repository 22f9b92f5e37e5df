import {isLeaver} from '../greet/member-context.js'
import type {Lock} from '../model/lock.js'
import {parseDurationMs} from '../model/instant.js'
import type {ProposedCommit, PullRequest, ReviewComment} from '../model/review.js'
import type {Words} from '../model/words.js'
import type {WrittenPolicy} from '../model/written.js'
import {isWithinTtl, ownWork} from './approvals.js'
import {areOneUnit} from './department-unit.js'
import {parseCommentCommands} from './comment-commands.js'
import {type Candidate, fillPlaces} from './fill-places.js'
import {isMemberOf, type Rights, type Target} from './rights.js'

/** Two holders from different departments, for four hours, where the policy says nothing. */
const DEFAULT_UNLOCK: Unlock = {
  need: [{count: 2, distinctDepartments: true}],
  expires: '4h',
}
const DEFAULT_EXPIRY = '4h'

export interface UnlockFacts {
  readonly pull: Pick<PullRequest, 'author' | 'head' | 'mergedAtMs'>
  readonly commits: readonly Pick<ProposedCommit, 'people'>[]
  readonly comments: readonly ReviewComment[]
  readonly locks: readonly Lock[]
  readonly policy: WrittenPolicy
  readonly rights: Rights
  readonly targetOf: (lock: Lock) => Target
  /** When exactly this plan was first shown on this head: an unlock is for what was seen. */
  readonly digestShownAtMs: number | null
  readonly nowMs: number
}

/** The state of one lock: who has spoken for it, who has yet to, until when it holds. */
export interface LockState {
  readonly lock: Lock
  readonly isOpen: boolean
  readonly by: readonly {readonly login: string; readonly reason: string}[]
  readonly missing: number
  /** When the first of the unlocks that it rests on runs out. */
  readonly expiresAtMs: number | null
}

export interface UnlockVerdict {
  readonly states: readonly LockState[]
  /** Unlock commands that count for nothing, and why. */
  readonly voided: readonly {readonly login: string; readonly says: Words}[]
}

interface Spoken extends Candidate {
  readonly atMs: number
  readonly reason: string
}

/** Which locks are opened by the right people. Nothing opens all locks at once. */
export function evaluateUnlocks(facts: UnlockFacts): UnlockVerdict {
  const {locks, policy, rights, targetOf} = facts
  const unlock = policy.unlock ?? DEFAULT_UNLOCK
  const expiresMs = parseDurationMs(unlock.expires ?? DEFAULT_EXPIRY)
  const voided: {login: string; says: Words}[] = []
  const spokenFor = new Map<Lock, Spoken[]>(locks.map((lock) => [lock, []]))
  for (const comment of facts.comments)
    for (const command of parseCommentCommands(comment.body)) {
      if (command.verb !== 'unlock') continue
      const {login} = comment.by
      const meant = locks.filter(({scope}) => scope === command.scope || scope === `template:${command.scope}`)
      const why = meant.length === 0 ? NO_SUCH_LOCK : weakness(comment, facts, expiresMs)
      if (why) {
        voided.push(voidUnlock(login, command.scope, why))
        continue
      }
      const department = rights.memberOf(login)?.departments[0] ?? ''
      for (const lock of meant)
        if (rights.find(login, 'unlock', targetOf(lock)))
          spokenFor.get(lock)?.push({login, department, atMs: comment.createdAtMs, reason: command.reason})
        else voided.push(voidUnlock(login, command.scope, NO_RIGHT))
    }
  const states = locks.map((lock): LockState => {
    const spoken = newestOfEach(spokenFor.get(lock) ?? [])
    const target = targetOf(lock)
    const places = needOf(lock, unlock).map(({count, role, department, distinctDepartments}, index) => ({
      id: String(index),
      count,
      isDistinct: distinctDepartments === true,
      fits: (candidate: Candidate) =>
        (role === undefined || rights.findRole(candidate.login, role, [target]) !== null) &&
        (department === undefined || isMemberOf(rights, candidate.login, department)),
    }))
    const {filled, missing} = fillPlaces(places, spoken)
    const by = spoken.filter(({login}) => filled.some((one) => one.login === login))
    const lacks = [...missing.values()].reduce((sum, count) => sum + count, 0)
    return {
      lock,
      isOpen: lacks === 0 && by.length > 0,
      by: by.map(({login, reason}) => ({login, reason})),
      missing: lacks,
      expiresAtMs: by.length === 0 ? null : Math.min(...by.map(({atMs}) => atMs)) + expiresMs,
    }
  })
  return {states, voided}
}

type Unlock = NonNullable<WrittenPolicy['unlock']>

/** Against the canary's evidence no policy lets one person decide alone. */
function needOf({kind}: Lock, {need}: Unlock): Unlock['need'] {
  const people = need.reduce((sum, {count}) => sum + count, 0)
  return kind === 'quarantine' && people < 2 ? DEFAULT_UNLOCK.need : need
}

/** One person speaks once; what he said last is what holds longest. */
function newestOfEach(spoken: readonly Spoken[]): Spoken[] {
  const byLogin = new Map<string, Spoken>()
  for (const one of spoken) {
    const known = byLogin.get(one.login.toLowerCase())
    if (!known || one.atMs > known.atMs) byLogin.set(one.login.toLowerCase(), one)
  }
  return [...byLogin.values()]
}

/** Why an unlock by this person at this time counts for nothing; `null` when it counts. */
function weakness(comment: ReviewComment, facts: UnlockFacts, expiresMs: number): Words | null {
  const {pull, commits, rights, digestShownAtMs, nowMs} = facts
  const {by, createdAtMs} = comment
  if (by.isBot) return BOT
  if (ownWork(by, pull, commits)) return OWN_WORK
  const person = rights.memberOf(by.login)
  if (!person || isLeaver(person.member, nowMs)) return NOT_ACTIVE
  if (comment.isEdited) return EDITED
  if (digestShownAtMs === null || createdAtMs < digestShownAtMs) return BEFORE_DIGEST
  if (!isWithinTtl({atMs: createdAtMs}, expiresMs, pull.mergedAtMs, nowMs)) return RUN_OUT
  const own = person.departments[0] ?? ''
  const authors = [pull.author.login, ...commits.flatMap(({people}) => people.map(({login}) => login ?? ''))]
  const theirs = authors.flatMap((login) => rights.memberOf(login)?.departments.slice(0, 1) ?? [])
  return theirs.some((department) => areOneUnit(department, own)) ? SAME_DEPARTMENT : null
}

const voidUnlock = (login: string, scope: string, why: Words): {login: string; says: Words} => ({
  login,
  says: {
    zh: `${login} 的解锁（${scope}）不算：${why.zh}`,
    en: `the unlock of ${scope} by ${login} does not count: ${why.en}`,
  },
})

const NO_SUCH_LOCK: Words = {zh: '没有这个锁', en: 'there is no such lock'}
const NO_RIGHT: Words = {zh: '没有 unlock 的授权', en: 'they hold no grant with unlock'}
const BOT: Words = {zh: '机器账号不能解锁', en: 'a machine cannot unlock'}
const OWN_WORK: Words = {zh: '不能给自己的改动解锁', en: 'nobody unlocks their own work'}
const NOT_ACTIVE: Words = {zh: '不是在职成员', en: 'they are no active member'}
const EDITED: Words = {zh: '那条评论之后被改过，请重新写一条', en: 'the comment was edited afterwards; write a new one'}
const BEFORE_DIGEST: Words = {
  zh: '那是在这份计划的摘要公布之前写的，请看过再解锁',
  en: 'it was written before the digest of this plan was shown; look at it and unlock again',
}
const RUN_OUT: Words = {zh: '已过期', en: 'it has run out'}
const SAME_DEPARTMENT: Words = {
  zh: '和作者是同一个部门',
  en: 'they are of the same department as an author',
}
