import {describe, expect, it} from '@jest/globals'
import {parseCommentCommands} from '../../scripts/core/gate/comment-commands.js'
import type {Lock} from '../../scripts/core/model/lock.js'
import {NOW_MS} from '../support/a-config.js'
import {ALL_THREE, aCommit, comment, decide, failing, person, pullRequest, SHOWN_MS} from './a-gate.js'

const lock = (scope = 'template:hello'): Lock => ({
  scope,
  kind: 'links',
  changed: 1,
  total: 3,
  limit: 0.2,
  places: [{file: 'templates/hello.yaml', pointer: '/text', before: null, after: null}],
  says: {zh: '锁定 1/3', en: 'locked 1/3'},
  fix: {zh: '改小', en: 'make it smaller'},
})
const UNLOCK = '/yingbin unlock hello 十一活动换链接'
const BOTH = () => [comment('an-quan', UNLOCK), comment('ke-ji', UNLOCK)]
const locked = (comments = BOTH(), changes = {}) =>
  decide({}, {reviews: ALL_THREE(), locks: [lock()], comments, ...changes})

describe('a locked change', () => {
  it('does not ship however many agree to it', () => {
    expect(failing(locked([]))).toEqual(['links'])
  })
  it('ships when holders of two other departments unlock it, and the token will name the lock', () => {
    const verdict = locked()
    expect(verdict.holds).toBe(true)
    expect(verdict.unlocked).toEqual(['template:hello'])
    expect(verdict.unlocks.states[0]?.by).toEqual([
      {login: 'an-quan', reason: '十一活动换链接'},
      {login: 'ke-ji', reason: '十一活动换链接'},
    ])
  })
  it('stays locked on one unlock, said twice', () => {
    expect(locked([comment('an-quan', UNLOCK), comment('an-quan', UNLOCK)]).holds).toBe(false)
  })
  it('is opened lock by lock: there is no unlock for all', () => {
    const two = {locks: [lock(), lock('release')]}
    expect(failing(locked(BOTH(), two))).toEqual(['links'])
    const all = [comment('an-quan', '/yingbin unlock all 急'), comment('ke-ji', '/yingbin unlock * 急')]
    expect(failing(locked(all, two))).toEqual(['links', 'links'])
    const each = [
      ...BOTH(),
      comment('an-quan', '/yingbin unlock release 同上'),
      comment('ke-ji', '/yingbin unlock release 同上'),
    ]
    expect(locked(each, two).holds).toBe(true)
  })
  it.each([
    ['by somebody without the right', comment('he-gui', UNLOCK), 'no grant'],
    ['by the author', comment('xiao-wen', UNLOCK), 'own work'],
    ['by a machine', comment('ke-ji', UNLOCK, {by: {login: 'ke-ji', isBot: true}}), 'machine'],
    ['by somebody who left', comment('li-zhi', UNLOCK), 'active'],
    ['that was edited', comment('ke-ji', UNLOCK, {isEdited: true}), 'edited'],
    ['from before the plan was shown', comment('ke-ji', UNLOCK, {createdAtMs: SHOWN_MS - 1}), 'digest'],
    ['of another template', comment('ke-ji', '/yingbin unlock other 理由'), 'no such lock'],
  ])('stays locked when the second unlock is one %s', (_what, second, why) => {
    const verdict = locked([comment('an-quan', UNLOCK), second])
    expect(verdict.holds).toBe(false)
    expect(verdict.unlocks.voided.map(({says}) => says.en).join()).toContain(why)
  })
  it('needs a reason', () => {
    expect(locked([comment('an-quan', UNLOCK), comment('ke-ji', '/yingbin unlock hello')]).holds).toBe(false)
  })
  it('is not unlocked by the department of whoever wrote in it', () => {
    const commits = [aCommit('xiao-wen'), {...aCommit('nei-shen')}]
    const verdict = locked(BOTH(), {commits, pull: pullRequest()})
    expect(verdict.holds).toBe(false)
    expect(verdict.unlocks.voided[0]?.says.en).toContain('same department')
  })
  it('locks again when an unlock runs out, after four hours to the second', () => {
    const at = (ageMs: number) => {
      const old = {createdAtMs: NOW_MS - ageMs}
      return locked([comment('an-quan', UNLOCK, old), comment('ke-ji', UNLOCK)], {
        digestShownAtMs: NOW_MS - 20 * 3_600_000,
      }).holds
    }
    expect([at(4 * 3_600_000), at(4 * 3_600_000 + 1000)]).toEqual([true, false])
  })
  it('that was merged in time stays open', () => {
    const mergedAtMs = NOW_MS - 10 * 3_600_000
    const old = {createdAtMs: mergedAtMs - 60_000}
    const merged = {
      pull: pullRequest({state: 'merged', mergedAtMs, author: person('xiao-wen')}),
      digestShownAtMs: mergedAtMs - 3_600_000,
      reviews: ALL_THREE().map((review) => ({...review, submittedAtMs: mergedAtMs - 30_000})),
    }
    expect(locked([comment('an-quan', UNLOCK, old), comment('ke-ji', UNLOCK, old)], merged).holds).toBe(true)
  })
})

describe('commands in comments', () => {
  it('stand on a line of their own', () => {
    expect(parseCommentCommands('看过了\n/yingbin unlock south/store 活动 换链接\r\n谢谢')).toEqual([
      {verb: 'unlock', scope: 'south/store', reason: '活动 换链接'},
    ])
  })
  it.each(['> /yingbin check', ' /yingbin check', 'x /yingbin check', '```\n/yingbin check\n```', '/yingbinx check'])(
    'are not read from %j',
    (body) => {
      expect(parseCommentCommands(body)).toEqual([])
    },
  )
  it('ask what somebody says', () => {
    expect(parseCommentCommands('/yingbin explain zhang.san 2026-11-28T02:00 tbl_1')).toEqual([
      {verb: 'explain', member: 'zhang.san', at: '2026-11-28T02:00', state: 'tbl_1'},
    ])
  })
  it('that are none of ours are told apart from silence', () => {
    expect(parseCommentCommands('/yingbin force')).toEqual([{verb: 'unknown', written: 'force'}])
    expect(parseCommentCommands('/yingbin')).toEqual([{verb: 'help'}])
  })
})
