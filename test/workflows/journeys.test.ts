import {afterEach, describe, expect, it} from '@jest/globals'
import {type Changes, inFolder} from '../support/a-config.js'
import {documentOf, type Ran, textOf} from '../support/run-command.js'
import {NEW_TEXT} from '../gate/a-gate.js'
import {type ACompany, openCompany} from './a-company.js'

const SLOW_MS = 300_000
let company: ACompany | null = null
afterEach(async () => {
  await company?.close()
  company = null
})
const open = async (base: Changes = {}): Promise<ACompany> => (company = await openCompany(base))

const ALL = ['ling-shou', 'he-gui', 'xiao-bao'] as const
const link = (path: string, host = 'm.hehejj.example'): Changes => ({
  'templates/hello.yaml': {
    title: '问候',
    text: '您好，理财非存款。',
    fallback: '您好',
    attachments: [{type: 'link', title: '官方核实', url: `https://${host}/${path}`}],
  },
})
/** Measures of change never lock here, so that the approvals alone are asked. */
const LINK_RULE: Changes = {
  ...link('verify'),
  'policy.yaml': {
    guard: {linkChange: {template: '100%', release: '100%'}, keyFactChange: {template: '100%'}},
    review: [{name: '链接', on: ['link'], need: [{count: 2, role: '审批人', distinctDepartments: true}]}],
  },
}

/** A change that everybody agrees to, merged. */
async function agreed(world: ACompany, branch: string, changes: Changes): Promise<{pull: number; merged: string}> {
  const pull = world.propose(branch, changes)
  expect((await world.gate(pull))?.conclusion).toBe('failure')
  world.advance(1000)
  world.approve(pull, ...ALL)
  expect((await world.review(pull))?.conclusion).toBe('success')
  return {pull, merged: world.merge(pull)}
}

/** The one request that the program itself has opened. */
function openRevert({standIn}: ACompany): number {
  const reverts = standIn.control.pulls().filter(({headRef}) => headRef.startsWith('yingbin/revert-'))
  expect(reverts).toMatchObject([{title: expect.stringContaining('第 1 号发布')}])
  return reverts[0]?.number ?? 0
}

describe('a good change', () => {
  it(
    'goes from the pull request to every customer, and leaves nothing to do; a second one can be taken back',
    async () => {
      const world = await open()
      const first = await agreed(world, 'one', NEW_TEXT)
      const deployed = await world.deploy(first.merged, 'good')
      expect(deployed?.conclusion).toBe('success')
      const {stable, promoted, resources} = await world.store.readState()
      expect(promoted).toMatchObject([{digest: stable, approvers: expect.arrayContaining([...ALL])}])
      expect(Object.keys(resources)).toContain('contact-way/counter')
      expect(documentOf(await world.runAt(first.merged, 'plan', '--json'))).toMatchObject({verdict: 'ok', steps: []})
      expect((await world.play('drift.yml', {name: 'schedule'}))?.conclusion).toBe('success')

      world.advance(60_000)
      const second = await agreed(world, 'two', {
        'templates/hello.yaml': {title: '问候', text: '您好，理财非存款，投资须谨慎！'},
      })
      expect((await world.deploy(second.merged, 'good'))?.conclusion).toBe('success')
      expect((await world.store.readState()).stable).not.toBe(stable)
      const back = await world.play('rollback.yml', {
        name: 'workflow_dispatch',
        inputs: {to: 'previous', reason: '文案有误; rm -rf /'},
      })
      expect(back?.conclusion).toBe('success')
      expect((await world.store.readManifest())?.manifest.stable).toBe(stable)
      expect((await world.store.readAudit()).map(({what}) => what)).toContain('token-used')

      const revert = openRevert(world)
      expect((await world.play('revert.yml', {name: 'schedule'}))?.conclusion).toBe('success')
      expect(openRevert(world)).toBe(revert)
      await world.gate(revert)
      world.advance(1000)
      world.approve(revert, ...ALL)
      expect((await world.review(revert))?.conclusion).toBe('success')
      expect(documentOf(await world.runAt(world.merge(revert), 'plan', '--json'))).toMatchObject({steps: []})
    },
    SLOW_MS,
  )
  it(
    'that WeCom refuses is rolled back by the canary, and nobody else hears it',
    async () => {
      const world = await open()
      const {merged} = await agreed(world, 'one', NEW_TEXT)
      const played = await world.deploy(merged, 'refused')
      expect(played?.conclusion).toBe('failure')
      expect(played?.jobs['apply']?.result).toBe('skipped')
      const state = await world.store.readState()
      expect(state.stable).toBeNull()
      expect(state.quarantined).toHaveLength(1)
    },
    SLOW_MS,
  )
})

describe('the gate of a pull request', () => {
  it(
    'asks a second department about a link, and is content when it agrees',
    async () => {
      const world = await open(LINK_RULE)
      const pull = world.propose('link', link('verify2'))
      await world.gate(pull)
      world.advance(1000)
      world.approve(pull, 'ling-shou', 'ling-er')
      expect((await world.review(pull))?.conclusion).toBe('failure')
      world.approve(pull, 'he-gui')
      expect((await world.review(pull))?.conclusion).toBe('success')
    },
    SLOW_MS,
  )
  it(
    'locks a link that only looks right, and the security group hears of it',
    async () => {
      const world = await open(link('verify'))
      const pull = world.propose('tampered', link('verify', 'm.hehejj.example.cn-a.example'))
      const played = await world.gate(pull)
      expect(played?.conclusion).toBe('failure')
      expect(world.standIn.control.labels(pull)).toEqual(['yingbin:locked'])
      const heard = JSON.stringify([
        await world.wecom.read('/messages'),
        await world.wecom.read('/webhook-messages?key=robot-1'),
      ])
      expect(heard.match(/m\.hehejj\.example → m\.hehejj\.example\.cn-a\.example/g)?.length).toBeGreaterThanOrEqual(2)
    },
    SLOW_MS,
  )
  it(
    'gives nobody the rights he gives himself',
    async () => {
      const world = await open()
      const mine = {'grants/mine.yaml': [{role: '编辑', to: ['github:lin-shi'], until: '2027-06-30', ticket: 'OA-7'}]}
      const pull = world.propose('mine', {...NEW_TEXT, ...mine}, 'lin-shi')
      expect((await world.gate(pull))?.conclusion).toBe('failure')
      expect(world.standIn.control.comments(pull)[0]?.body).toContain('lin-shi 不能改')
    },
    SLOW_MS,
  )
  it(
    'forgets approvals at a push',
    async () => {
      const world = await open()
      const pull = world.propose('one', NEW_TEXT)
      await world.gate(pull)
      world.advance(1000)
      world.approve(pull, ...ALL)
      world.push('one', {'templates/hello.yaml': {title: '问候', text: '您好，理财非存款，请放心。'}})
      expect((await world.gate(pull))?.conclusion).toBe('failure')
      expect(world.standIn.control.comments(pull)[0]?.body).toContain('又有新的推送')
    },
    SLOW_MS,
  )
  it(
    'holds a fork to the same rights, and runs none of its code',
    async () => {
      const world = await open()
      const pull = world.propose('theirs', NEW_TEXT, 'stranger', 'stranger')
      const played = await world.gate(pull)
      expect(played?.conclusion).toBe('failure')
      expect(world.standIn.control.comments(pull)[0]?.body).toContain('GitHub 不认识')
    },
    SLOW_MS,
  )
  it(
    'opens for nobody during a freeze, and no token is minted for what was merged anyway',
    async () => {
      const freeze = [{name: '双十一', from: '2026-11-20T00:00:00+08:00', until: '2026-12-01T00:00:00+08:00'}]
      const world = await open({
        'policy.yaml': {review: [{name: '文案', on: ['text'], need: [{count: 1, role: '审批人'}]}], freeze},
      })
      const pull = world.propose('one', NEW_TEXT)
      await world.gate(pull)
      world.advance(1000)
      world.approve(pull, ...ALL)
      expect((await world.review(pull))?.conclusion).toBe('failure')
      const played = await world.deploy(world.merge(pull), 'good')
      expect(played?.jobs['canary-token']?.result).toBe('failure')
      expect(played?.jobs['canary']?.result).toBe('skipped')
    },
    SLOW_MS,
  )
})

describe('a token', () => {
  it(
    'that waited too long writes nothing',
    async () => {
      const world = await open()
      const {merged} = await agreed(world, 'one', NEW_TEXT)
      const mint = async (): Promise<string> =>
        textOf(documentOf(await world.runAt(merged, 'gate', '--commit', merged, '--mint', '--json')), 'token')
      const plan = documentOf(await world.runAt(merged, 'plan', '--json'))
      const canary = (token: string): Promise<Ran> =>
        inFolder({'plan.json': JSON.stringify(plan)}, (folder) =>
          world.runAt(merged, 'canary', '--plan', `${folder}/plan.json`, '--token', token, '--json'),
        )
      const token = await mint()
      world.advance(600_000)
      const late = await canary(token)
      expect(late.code).toBe(1)
      expect(documentOf(late)['reason']).toContain('已过期')
      expect(await world.store.readManifest()).toBeNull()
    },
    SLOW_MS,
  )
})
