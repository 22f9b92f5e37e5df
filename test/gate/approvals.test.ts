import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {fillPlaces} from '../../scripts/core/gate/fill-places.js'
import {configOf, NOW_MS} from '../support/a-config.js'
import {
  ALL_THREE,
  aCommit,
  approval,
  BANK,
  decide,
  failing,
  HEAD,
  OLDER,
  person,
  pullRequest,
  SHOWN_MS,
  voidedOf,
} from './a-gate.js'

describe('a change of what a bank says', () => {
  it('ships when the three departments agree to exactly it', () => {
    const verdict = decide({}, {reviews: ALL_THREE()})
    expect(failing(verdict)).toEqual([])
    expect(verdict.holds).toBe(true)
    expect(verdict.approvers.map(({login}) => login).sort()).toEqual(['he-gui', 'ling-shou', 'xiao-bao'])
  })
  it('does not ship on three approvals of one department', () => {
    const verdict = decide({}, {reviews: [approval('ling-shou'), approval('ling-er')]})
    expect(verdict.holds).toBe(false)
    expect(verdict.needs.map(({missing}) => missing)).toEqual([0, 1, 1])
  })
  it('does not count the author as the third', () => {
    const verdict = decide({}, {reviews: [approval('he-gui'), approval('xiao-bao'), approval('xiao-wen')]})
    expect(verdict.holds).toBe(false)
    expect(voidedOf(verdict)).toContain('xiao-wen author')
  })
  it('needs new approvals after a push', () => {
    const verdict = decide({}, {reviews: ALL_THREE().map((review) => ({...review, commit: OLDER}))})
    expect(verdict.needs.map(({filledBy}) => filledBy.length)).toEqual([0, 0, 0])
    expect(voidedOf(verdict)).toEqual(['ling-shou old-commit', 'he-gui old-commit', 'xiao-bao old-commit'])
  })
  it('lets an approval stand for 300 seconds and not for 301', () => {
    const at = (seconds: number) => approval('he-gui', {submittedAtMs: NOW_MS - seconds * 1000})
    const others = [approval('ling-shou'), approval('xiao-bao')]
    expect(decide({}, {reviews: [...others, at(300)]}).holds).toBe(true)
    const late = decide({}, {reviews: [...others, at(301)]})
    expect(late.holds).toBe(false)
    expect(voidedOf(late)).toEqual(['he-gui confirm-ttl'])
  })
  it('voids an approver who left before the merge', () => {
    const verdict = decide({}, {reviews: [approval('ling-shou'), approval('li-zhi'), approval('xiao-bao')]})
    expect(verdict.holds).toBe(false)
    expect(voidedOf(verdict)).toEqual(['li-zhi approver-inactive'])
  })
})

describe('an approval', () => {
  const withThird = (third: ReturnType<typeof approval>, changes = {}) =>
    decide({}, {reviews: [approval('ling-shou'), approval('xiao-bao'), third], ...changes})
  it.each([
    ['of a machine', approval('he-gui', {by: {login: 'he-gui', isBot: true}}), 'he-gui bot'],
    ['of somebody nobody knows', approval('a-stranger'), 'a-stranger unknown-person'],
    ['that was edited afterwards', approval('he-gui', {isEdited: true}), 'he-gui edited'],
    ['that was dismissed', approval('he-gui', {state: 'dismissed'}), 'he-gui dismissed'],
    ['given before the plan was shown', approval('he-gui', {submittedAtMs: SHOWN_MS - 1}), 'he-gui before-digest'],
    ['of somebody without the right to approve', approval('an-quan'), 'an-quan no-right'],
  ])('%s counts for nothing, and the verdict says why', (_what, third, expected) => {
    const verdict = withThird(third)
    expect(verdict.holds).toBe(false)
    expect(voidedOf(verdict)).toContain(expected)
  })
  it('given in the very millisecond the plan was shown counts', () => {
    const reviews = ALL_THREE().map((review) => ({...review, submittedAtMs: NOW_MS - 1000}))
    expect(decide({}, {reviews, digestShownAtMs: NOW_MS - 1000}).holds).toBe(true)
  })
  it('counts for nothing while no plan was shown at all', () => {
    const verdict = decide({}, {reviews: ALL_THREE(), digestShownAtMs: null})
    expect(failing(verdict)).toContain('digest')
    expect(voidedOf(verdict)).toHaveLength(3)
  })
  it('of a co-author counts for nothing', () => {
    const commits = [{...aCommit('xiao-wen'), people: [person('xiao-wen'), person('HE-GUI')]}]
    expect(voidedOf(withThird(approval('he-gui'), {commits}))).toEqual(['he-gui co-author'])
  })
  it('is taken back by a later request for changes, and holds again after a new approval', () => {
    const objection = approval('he-gui', {state: 'changes-requested', submittedAtMs: NOW_MS - 30_000})
    const reviews = [...ALL_THREE(), objection]
    expect(failing(decide({}, {reviews}))).toContain('objections')
    expect(decide({}, {reviews: [...reviews, approval('he-gui', {submittedAtMs: NOW_MS})]}).holds).toBe(true)
  })
  it('is not taken back by a comment', () => {
    const remark = approval('he-gui', {state: 'commented', commit: OLDER, submittedAtMs: NOW_MS})
    expect(decide({}, {reviews: [...ALL_THREE(), remark]}).holds).toBe(true)
  })
  it('after the merge is as old as it was at the merge', () => {
    const mergedAtMs = NOW_MS - 3_600_000
    const reviews = ALL_THREE().map((review) => ({...review, submittedAtMs: mergedAtMs - 300_000}))
    const pull = pullRequest({state: 'merged', mergedAtMs})
    const early = {pull, digestShownAtMs: mergedAtMs - 600_000}
    expect(decide({}, {reviews, ...early}).holds).toBe(true)
    const older = reviews.map((review) => ({...review, submittedAtMs: mergedAtMs - 301_000}))
    expect(decide({}, {reviews: older, ...early}).holds).toBe(false)
  })
  it('by a deputy counts until the grant ends, and the place says until when', () => {
    const grants = (until: string) => ({
      base: {
        'grants/deputy.yaml': [{role: '审批人', to: ['github:an-quan'], until, ticket: 'OA-9'}],
        'policy.yaml': {review: [{name: '文案', on: ['text'], need: [{count: 1, role: '审批人'}]}]},
      },
    })
    const reviews = [approval('an-quan')]
    const good = decide(grants('2026-11-24'), {reviews})
    expect(good.holds).toBe(true)
    expect(good.needs[0]?.filledBy[0]?.holding?.until).toBe('2026-11-24')
    expect(decide(grants('2026-11-23'), {reviews}).holds).toBe(false)
  })
})

describe('places', () => {
  it('are filled by different people, one person one place', () => {
    const twice = {
      base: {
        'policy.yaml': {
          review: [
            {name: '文案', on: ['text'], need: [{count: 1, role: '审批人'}]},
            {name: '再看', on: ['text'], need: [{count: 1, role: '审批人'}]},
          ],
        },
      },
    }
    expect(decide(twice, {reviews: [approval('he-gui')]}).holds).toBe(false)
    expect(decide(twice, {reviews: [approval('he-gui'), approval('he-er')]}).holds).toBe(true)
  })
  it('that ask for different departments do not take a team of the same department for another', () => {
    const two = {
      base: {
        'policy.yaml': {
          review: [{name: '文案', on: ['text'], need: [{count: 2, role: '审批人', distinctDepartments: true}]}],
        },
      },
    }
    expect(decide(two, {reviews: [approval('ling-shou'), approval('ling-er')]}).holds).toBe(false)
    expect(decide(two, {reviews: [approval('ling-shou'), approval('he-er')]}).holds).toBe(true)
  })
  it('name who could still fill them, and nobody who could not', () => {
    const verdict = decide({}, {reviews: [approval('he-gui')]})
    expect(verdict.needs.map(({couldBe}) => couldBe)).toEqual([['ling-er', 'ling-shou'], [], ['xiao-bao']])
  })
  it('ask for one more where the audience grew', () => {
    expect(decide({}, {reviews: ALL_THREE(), needsOneMore: true}).holds).toBe(false)
    expect(decide({}, {reviews: [...ALL_THREE(), approval('nei-shen')], needsOneMore: true}).holds).toBe(true)
  })
  it('moves people to where they are needed: two who fit both and one who fits one fill all', () => {
    const fits =
      (...logins: readonly string[]) =>
      ({login}: {login: string}) =>
        logins.includes(login)
    const people = ['a', 'b', 'c'].map((login) => ({login, department: `/${login}`}))
    const {missing} = fillPlaces(
      [
        {id: 'any', count: 2, isDistinct: false, fits: fits('a', 'b', 'c')},
        {id: 'only a', count: 1, isDistinct: false, fits: fits('a')},
      ],
      people,
    )
    expect(missing.size).toBe(0)
  })
  it('are filled as well as trying every way fills them', () => {
    const departments = ['/x/a', '/x/b', '/x/c']
    const people = fc.array(
      fc.record({department: fc.constantFrom(...departments), mask: fc.integer({min: 0, max: 7})}),
      {maxLength: 5},
    )
    const places = fc.array(fc.record({count: fc.integer({min: 1, max: 2}), isDistinct: fc.boolean()}), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(people, places, (drawnPeople, drawnPlaces) => {
        const candidates = drawnPeople.map(({department}, index) => ({login: String(index), department}))
        const asked = drawnPlaces.map(({count, isDistinct}, index) => ({
          id: String(index),
          count,
          isDistinct,
          fits: ({login}: {login: string}) => ((drawnPeople[Number(login)]?.mask ?? 0) & (1 << index)) !== 0,
        }))
        const {filled, missing} = fillPlaces(asked, candidates)
        expect(new Set(filled.map(({login}) => login)).size).toBe(filled.length)
        for (const {id, count, isDistinct, fits} of asked) {
          const own = candidates.filter(({login}) => filled.some((one) => one.place === id && one.login === login))
          expect(own.every(fits)).toBe(true)
          expect(own.length).toBe(count - (missing.get(id) ?? 0))
          if (isDistinct) expect(new Set(own.map(({department}) => department)).size).toBe(own.length)
        }
        expect(filled.length).toBe(mostByForce(asked, candidates))
      }),
      {numRuns: 300},
    )
  })
})

/** Tries every way to seat everybody. */
function mostByForce(
  places: readonly {id: string; count: number; isDistinct: boolean; fits: (one: {login: string}) => boolean}[],
  people: readonly {login: string; department: string}[],
  seated: readonly {place: string; department: string}[] = [],
): number {
  const [next, ...rest] = people
  if (!next) return seated.length
  const options = places.filter(
    ({id, count, isDistinct, fits}) =>
      fits(next) &&
      seated.filter(({place}) => place === id).length < count &&
      !(isDistinct && seated.some(({place, department}) => place === id && department === next.department)),
  )
  return Math.max(
    mostByForce(places, rest, seated),
    ...options.map(({id}) => mostByForce(places, rest, [...seated, {place: id, department: next.department}])),
  )
}

describe('the proposal itself', () => {
  const approved = {reviews: ALL_THREE()}
  it.each([
    ['a draft', {pull: pullRequest({isDraft: true})}, 'draft'],
    ['closed', {pull: pullRequest({state: 'closed'})}, 'closed'],
    ['behind its base', {commitsBehind: 1}, 'behind-base'],
    ['into another branch', {pull: pullRequest({baseRef: 'relaxed'})}, 'other-base'],
    ['on top of what never shipped', {unshipped: ['release/release']}, 'base-not-shipped'],
    [
      'with a co-author GitHub does not know',
      {commits: [{sha: HEAD, people: [person('xiao-wen'), {login: null, isBot: false as const}], files: []}]},
      'co-author-unknown',
    ],
    [
      'mixed with the program',
      {changedFiles: ['config/templates/hello.yaml', '.github/workflows/deploy.yml']},
      'mixed-pull-request',
    ],
    ['with errors', {errorCount: 2}, 'validate'],
  ])('does not ship when it is %s', (_what, changes, expected) => {
    const verdict = decide({}, {...approved, ...changes})
    expect(verdict.holds).toBe(false)
    expect(failing(verdict)).toEqual([expected])
  })
  it('a file beside the configuration that only begins like it is beside it', () => {
    expect(failing(decide({}, {...approved, changedFiles: ['config-old/x.yaml']}))).toEqual(['mixed-pull-request'])
  })
  it('waits while a freeze holds, to the millisecond', () => {
    const from = '2026-11-24T12:00:00+08:00'
    const freeze = (until: string, allow: readonly string[] = []) => ({
      base: {'policy.yaml': {...(BANK['policy.yaml'] as object), freeze: [{name: '双十一', from, until, allow}]}},
    })
    const hold = freeze('2026-11-24T12:00:01+08:00', ['rollback'])
    expect(failing(decide(hold, approved))).toEqual(['freeze'])
    expect(decide(hold, {...approved, isReturn: true}).holds).toBe(true)
    expect(failing(decide(freeze('2026-11-24T12:00:01+08:00'), {...approved, isReturn: true}))).toEqual(['freeze'])
    expect(decide(freeze('2026-11-24T12:00:00.000+08:00'), approved).holds).toBe(true)
  })
  it('with a kind of change no rule speaks of is never approved by silence', () => {
    const none = {base: {'policy.yaml': {review: []}}}
    expect(failing(decide(none, approved))).toEqual(['no-rule'])
  })
  it('that changes nothing in meaning has nothing to agree to, and nothing for a token', () => {
    const verdict = decide({head: {}}, {changedFiles: ['scripts/cli.ts']})
    expect(verdict).toMatchObject({holds: true, isEmpty: true, approvers: []})
    expect(configOf(BANK).templates.size).toBe(1)
  })
})
