import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, it} from '@jest/globals'
import {COMMENT_MARKER, renderComment} from '../../scripts/core/gate/render-comment.js'
import {canonicalText, digestOf, sha256} from '../../scripts/core/model/canonical.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {commentFacts} from '../../scripts/commands/gate/words.js'
import {decideGate, GATE_CONTEXT, type GateReport, PLAN_CONTEXT, publishVerdict} from '../../scripts/pipeline/gate.js'
import {replyToComment} from '../../scripts/pipeline/reply.js'
import {createMemoryStore, type MemoryStore} from '../apply/memory-store.js'
import {type Changes, configOf, NOW_MS} from '../support/a-config.js'
import {aCommit, approval, BANK, comment, HEAD, NEW_TEXT, person, pullRequest} from './a-gate.js'
import {BASE, createMemoryHost, type MemoryHost} from './memory-host.js'

const DAY_MS = 86_400_000
const LINKS = (...paths: readonly string[]): Changes => ({
  'templates/hello.yaml': {
    title: '问候',
    text: '您好，理财非存款。',
    fallback: '您好',
    attachments: paths.map((path) => ({type: 'link', title: path, url: `https://m.hehejj.example/${path}`})),
  },
})
const EIGHT = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

let nowMs: number
let host: MemoryHost
let store: MemoryStore

beforeEach(() => {
  nowMs = NOW_MS
  host = createMemoryHost(() => nowMs)
  store = createMemoryStore()
  host.trees.set(BASE, BANK)
  host.trees.set(HEAD, {...BANK, ...NEW_TEXT})
})

const inFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-gate-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
const decide = (publishes = true): Promise<GateReport> =>
  decideGate({host, store, clock: {nowMs: () => nowMs}, inFolder}, {number: 7, folder: 'config', publishes})
const approveAll = (): void => {
  for (const login of ['ling-shou', 'he-gui', 'xiao-bao']) host.reviews.push(approval(login, {submittedAtMs: nowMs}))
}

describe('the gate', () => {
  it('shows the digest first, and counts only approvals from then on', async () => {
    approveAll()
    nowMs += 1000
    const early = await decide()
    expect(early.digestShownAtMs).toBe(nowMs)
    expect(early.verdict.voided.map(({reason}) => reason)).toEqual(['before-digest', 'before-digest', 'before-digest'])
    host.reviews.length = 0
    nowMs += 1000
    approveAll()
    expect((await decide()).verdict.holds).toBe(true)
  })
  it('shows a digest once, however often it is asked', async () => {
    await decide()
    nowMs += 60_000
    const again = await decide()
    expect(again.digestShownAtMs).toBe(NOW_MS)
    expect(host.writes).toEqual([`status ${PLAN_CONTEXT} success`])
  })
  it('believes no digest that somebody else showed', async () => {
    const {plan} = await decide(false)
    host.statuses.push({
      context: PLAN_CONTEXT,
      state: 'success',
      description: `plan ${plan?.digest ?? ''}`,
      by: person('xiao-wen'),
      atMs: NOW_MS - 60_000,
    })
    expect((await decide(false)).digestShownAtMs).toBeNull()
  })
  it('writes nothing on a dry run', async () => {
    await decide(false)
    expect(host.writes).toEqual([])
  })
  it('asks for agreement anew when the state of the shipped things has moved', async () => {
    await decide()
    nowMs += 1000
    approveAll()
    expect((await decide()).verdict.holds).toBe(true)
    const state = await store.readState()
    await store.writeState(state, state.serial)
    nowMs += 1000
    const moved = await decide()
    expect(moved.verdict.holds).toBe(false)
    expect(moved.verdict.voided.map(({reason}) => reason)).toContain('before-digest')
  })
  it('takes policy and people from the base, whatever the head says', async () => {
    host.trees.set(HEAD, {...BANK, ...NEW_TEXT, 'policy.yaml': {review: []}})
    const {verdict} = await decide()
    expect(verdict.needs.map(({rule}) => rule)).toContain('文案或链接')
    expect(verdict.remarks.map(({at}) => at.file)).toEqual(['policy.yaml'])
  })
  it('has no plan for a head with faults, and names them all', async () => {
    host.trees.set(HEAD, {...BANK, 'templates/hello.yaml': {title: '问候'}, 'schedules/all.yaml': 'audience: ['})
    const report = await decide()
    expect(report.plan).toBeNull()
    expect(report.verdict.holds).toBe(false)
    expect(report.verdict.isEmpty).toBe(false)
    expect(new Set(report.findings.map(({file}) => file))).toEqual(
      new Set(['templates/hello.yaml', 'schedules/all.yaml']),
    )
  })
  it('locks many small cuts: each below a fifth, together above it, over days', async () => {
    host.trees.set(BASE, {...BANK, ...LINKS('x', ...EIGHT.slice(1))})
    host.trees.set('old', {...BANK, ...LINKS(...EIGHT)})
    host.trees.set(HEAD, {...BANK, ...LINKS('x', 'y', ...EIGHT.slice(2))})
    expect((await decide()).guarded.result?.locks).toEqual([])
    host.line.splice(0, 1, {sha: BASE, atMs: NOW_MS - DAY_MS}, {sha: 'old', atMs: NOW_MS - 8 * DAY_MS})
    const {guarded} = await decide()
    expect(guarded.result?.locks.map(({scope, days, changed, total}) => [scope, days, changed, total])).toContainEqual([
      'template:hello',
      7,
      2,
      8,
    ])
  })
  it('measures from the last change that was unlocked, not from before it', async () => {
    host.trees.set(BASE, {...BANK, ...LINKS('x', 'y', 'z', 'w', ...EIGHT.slice(4))})
    host.trees.set('old', {...BANK, ...LINKS(...EIGHT)})
    host.trees.set(HEAD, {...BANK, ...LINKS('x', 'y', 'z', 'v', ...EIGHT.slice(4))})
    host.line.splice(0, 1, {sha: BASE, atMs: NOW_MS - DAY_MS}, {sha: 'old', atMs: NOW_MS - 40 * DAY_MS})
    expect((await decide()).guarded.result?.locks).not.toEqual([])
    const state = await store.readState()
    const unlocked = {
      number: 1,
      digest: 'e'.repeat(64),
      atMs: NOW_MS - DAY_MS,
      planDigest: 'f'.repeat(64),
      commit: BASE,
      approvers: [],
      unlocks: ['template:hello'],
    }
    await store.writeState({...state, promoted: [unlocked]}, state.serial)
    expect((await decide()).guarded.result?.locks).toEqual([])
  })
  it('lets a return to a promoted release through the measures and the freeze', async () => {
    const freeze = [
      {name: '双十一', from: '2026-11-01T00:00:00+08:00', until: '2026-12-01T00:00:00+08:00', allow: ['rollback']},
    ]
    const frozen = {...BANK, 'policy.yaml': {...(BANK['policy.yaml'] as object), freeze}}
    const before = {...frozen, ...LINKS(...EIGHT)}
    host.trees.set(BASE, {...frozen, ...LINKS('x', 'y', 'z', 'w', 'v')})
    host.trees.set(HEAD, before)
    const locked = await decide()
    expect(locked.guarded.result?.locks).not.toEqual([])
    expect(locked.verdict.tree.find(({name}) => name === 'freeze')?.holds).toBe(false)
    const state = await store.readState()
    const promoted = {
      number: 1,
      digest: digestOf(assembleRelease(configOf(before))),
      atMs: 0,
      planDigest: '',
      commit: null,
      approvers: [],
    }
    await store.writeState({...state, promoted: [promoted]}, state.serial)
    const back = await decide()
    expect(back.guarded.result?.locks).toEqual([])
    expect(back.verdict.tree.find(({name}) => name === 'freeze')?.holds).toBe(true)
    await store.writeState({...(await store.readState()), quarantined: [promoted.digest]}, state.serial + 1)
    expect((await decide()).guarded.result?.locks).not.toEqual([])
  })
})

describe('a base branch that holds what never shipped', () => {
  /** Everything of a configuration has shipped. */
  const ship = async (changes: Changes): Promise<void> => {
    const config = configOf({...BANK, ...changes})
    const texts = [assembleRelease(config), assembleDirectory(config)].map(canonicalText)
    const [stable = '', directory = ''] = texts.map(sha256)
    for (const text of texts) await store.writeDocument(sha256(text), text)
    const state = await store.readState()
    await store.writeState({...state, stable, directory}, state.serial)
  }
  const unshipped = async (): Promise<boolean> => {
    const {verdict} = await decide()
    const proposal = verdict.tree.find(({name}) => name === 'proposal')
    return proposal?.children.some(({name}) => name === 'base-not-shipped') ?? false
  }
  it('holds the next request back: a merge nobody agreed to does not ship along with one that was', async () => {
    await ship({'templates/hello.yaml': {title: '问候', text: '再早的说法。'}})
    expect(await unshipped()).toBe(true)
  })
  it('is one that has shipped otherwise', async () => {
    await ship({})
    expect(await unshipped()).toBe(false)
  })
  it('lets the way back through', async () => {
    const earlier = {'templates/hello.yaml': {title: '问候', text: '再早的说法。'}}
    await ship(earlier)
    const state = await store.readState()
    const digest = digestOf(assembleRelease(configOf({...BANK, ...NEW_TEXT})))
    const promoted = {number: 1, digest, atMs: 0, planDigest: '', commit: null, approvers: []}
    await store.writeState({...state, promoted: [promoted]}, state.serial)
    expect(await unshipped()).toBe(false)
  })
  it('lets through what takes the unshipped thing out again: nothing of it ships along', async () => {
    host.trees.set(BASE, {...BANK, 'templates/hello.yaml': {title: '问候', text: '没有发布过的说法。'}})
    host.trees.set(HEAD, BANK)
    await ship({})
    expect(await unshipped()).toBe(false)
  })
  it('lets the request through that takes back what a canary rolled back, and it is not measured', async () => {
    const stable = {...BANK, ...LINKS(...EIGHT)}
    host.trees.set(BASE, {...BANK, ...LINKS('x', 'y', 'z', 'w', 'v')})
    host.trees.set(HEAD, stable)
    await ship(LINKS(...EIGHT))
    const state = await store.readState()
    const digest = state.stable ?? ''
    const promoted = {number: 1, digest, atMs: 0, planDigest: '', commit: null, approvers: []}
    await store.writeState({...state, promoted: [promoted]}, state.serial)
    expect(await unshipped()).toBe(false)
    expect((await decide()).guarded.result?.locks).toEqual([])
  })
})

describe('the way back that our own account proposes', () => {
  const own = {login: 'yingbin-gate[bot]', isBot: true}
  const proposeAs = (author: typeof own, writer: string): void => {
    host.pull = pullRequest({base: BASE, author})
    host.commits = [{...aCommit(writer, 'templates/hello.yaml')}]
  }
  beforeEach(async () => {
    const digest = digestOf(assembleRelease(configOf({...BANK, ...NEW_TEXT})))
    const state = await store.readState()
    const promoted = {number: 1, digest, atMs: 0, planDigest: '', commit: null, approvers: []}
    await store.writeState({...state, promoted: [promoted]}, state.serial)
  })
  const isDenied = async (): Promise<boolean> => (await decide()).verdict.remarks.length > 0

  it('needs no grant of its own, and the usual people agree to it', async () => {
    proposeAs(own, own.login)
    const {verdict} = await decide()
    expect(verdict.remarks).toEqual([])
    expect(verdict.holds).toBe(false)
  })
  it('is held to the rights of anybody else who wrote in it', async () => {
    proposeAs(own, 'sun-qi')
    expect(await isDenied()).toBe(true)
  })
  it('frees nothing but a return: new words of a machine need a grant', async () => {
    proposeAs(own, own.login)
    host.trees.set(HEAD, {...BANK, 'templates/hello.yaml': {title: '问候', text: '机器自己想的，理财非存款。'}})
    expect(await isDenied()).toBe(true)
  })
  it('frees nobody else: a person who proposes the same needs his rights', async () => {
    proposeAs({login: 'sun-qi', isBot: false}, 'sun-qi')
    expect(await isDenied()).toBe(true)
  })
})

describe('a release that a canary rolled back', () => {
  const rolledBack = digestOf(assembleRelease(configOf({...BANK, ...NEW_TEXT})))
  const scope = `quarantine:${rolledBack.slice(0, 12)}`
  beforeEach(async () => {
    await decide()
    const state = await store.readState()
    await store.writeState({...state, quarantined: [rolledBack]}, state.serial)
    await decide()
    nowMs += 1000
    approveAll()
  })
  const say = (...logins: readonly string[]): void => {
    for (const login of logins)
      host.comments.push(comment(login, `/yingbin unlock ${scope} 平台误报`, {createdAtMs: nowMs}))
  }

  it('is locked however many agree to its words', async () => {
    const {verdict} = await decide()
    expect(verdict.holds).toBe(false)
    expect(verdict.unlocks.states.map(({lock, isOpen}) => [lock.scope, isOpen])).toEqual([[scope, false]])
  })
  it('ships when two people of two other departments say so, and the token will name it', async () => {
    say('an-quan')
    expect((await decide()).verdict.holds).toBe(false)
    say('ke-ji')
    const {verdict} = await decide()
    expect(verdict.holds).toBe(true)
    expect(verdict.unlocked).toEqual([scope])
  })
  it('never on one word, whatever the policy says of other locks', async () => {
    const policy = {...(BANK['policy.yaml'] as object), unlock: {need: [{count: 1}]}}
    for (const commit of [BASE, HEAD])
      host.trees.set(commit, {...(host.trees.get(commit) ?? {}), 'policy.yaml': policy})
    nowMs += 1000
    await decide()
    nowMs += 1000
    host.reviews.length = 0
    approveAll()
    say('an-quan')
    const {verdict} = await decide()
    expect([verdict.holds, verdict.unlocks.states[0]?.missing]).toEqual([false, 1])
    say('ke-ji')
    expect((await decide()).verdict.holds).toBe(true)
  })
})

describe('a request into another branch', () => {
  it('gets no check, no comment and no digest: its head may be the head of one that ships', async () => {
    host.pull = pullRequest({base: BASE, baseRef: 'relaxed'})
    const report = await decide()
    expect(report.verdict.holds).toBe(false)
    await publishVerdict(host, report, {comment: 'x', summary: 'x'})
    expect(host.writes).toEqual([])
  })
})

describe('the verdict', () => {
  const publish = async (): Promise<void> => {
    const report = await decide()
    const shown = renderComment(commentFacts(report, nowMs, null), 'zh')
    await publishVerdict(host, report, {comment: shown, summary: 'x'})
  }
  it('is a check that waits, passes, or fails', async () => {
    await publish()
    nowMs += 1000
    approveAll()
    await publish()
    host.trees.set(HEAD, {...BANK, ...LINKS('a')})
    host.pull = pullRequest({base: BASE, author: person('lin-shi')})
    await publish()
    const states = host.statuses.filter(({context}) => context === GATE_CONTEXT).map(({state}) => state)
    expect(states.reverse()).toEqual(['pending', 'success', 'failure'])
  })
  it('is one comment, written again and again', async () => {
    await publish()
    await publish()
    expect([...host.kept.keys()]).toEqual([COMMENT_MARKER])
  })
  it('puts a label on what is locked, and takes it off when it is open', async () => {
    host.trees.set(BASE, {...BANK, ...LINKS(...EIGHT)})
    host.trees.set(HEAD, {...BANK, ...LINKS('x', 'y', ...EIGHT.slice(2))})
    await publish()
    expect([...host.labels]).toEqual(['yingbin:locked'])
    nowMs += 1000
    for (const login of ['an-quan', 'ke-ji'])
      for (const scope of ['hello', 'release'])
        host.comments.push(comment(login, `/yingbin unlock ${scope} 换季`, {createdAtMs: nowMs}))
    await publish()
    expect([...host.labels]).toEqual([])
  })
})

describe('a question in a comment', () => {
  const reply = (id: number) =>
    replyToComment(
      {host, clock: {nowMs: () => nowMs}, inFolder},
      {number: 7, comment: id, folder: 'config', language: undefined},
    )
  const ask = (login: string, body: string): number => {
    const asked = comment(login, body)
    host.comments.push(asked)
    return asked.id
  }
  it('is answered as the proposal would have it, once, however often the run is repeated', async () => {
    const id = ask('he-gui', '/yingbin explain he.gui 2026-11-28T02:00')
    expect(await reply(id)).toBe('answered')
    expect(await reply(id)).toBe('answered')
    expect([...host.kept.values()].join('')).toContain('投资须谨慎')
    expect(host.kept.size).toBe(1)
  })
  it.each([
    ['of a stranger', 'a-stranger', 'not-a-member'],
    ['of somebody who left', 'li-zhi', 'not-a-member'],
  ])('%s gets no answer', async (_what, login, expected) => {
    expect(await reply(ask(login, '/yingbin explain he.gui 2026-11-28T02:00'))).toBe(expected)
    expect(host.kept.size).toBe(0)
  })
  it('that is none gets none', async () => {
    expect(await reply(ask('he-gui', '看过了'))).toBe('nothing-asked')
    expect(await reply(999_999)).toBe('no-such-comment')
  })
})
