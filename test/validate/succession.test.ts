import {describe, expect, it} from '@jest/globals'
import {type Changes, describeRemarks, NOW_MS, organization, remarksOf, remarksOfRule} from '../support/a-config.js'

/** `m0` is followed by `m1`, and so on up to the last, who is still there. */
const line = (steps: number, more: (index: number) => object = () => ({})): Changes => ({
  'facts.yaml': null,
  'organization.yaml': organization({
    members: Array.from({length: steps + 1}, (_, index) => ({
      id: `m${index}`,
      departments: ['/总部'],
      ...(index < steps ? {status: 'left', leftAt: '2026-11-20T18:00:00+08:00', leader: `m${index + 1}`} : {}),
      ...more(index),
    })),
  }),
})
const tooLong = (changes: Changes, nowMs = NOW_MS): string[] =>
  describeRemarks(remarksOfRule('offboard-chain-too-long', changes, {nowMs}))

describe('the line of succession', () => {
  it('may take three steps, not four', () => {
    expect(tooLong(line(1))).toEqual([])
    expect(tooLong(line(3))).toEqual([])
    expect(tooLong(line(4))).toEqual(['offboard-chain-too-long organization.yaml /members/0/leader'])
    expect(tooLong(line(5))).toHaveLength(2)
  })
  it('is shown whole, with how to mend it', () => {
    const [remark] = remarksOfRule('offboard-chain-too-long', line(4))
    expect(remark?.level).toBe('warning')
    expect(remark?.says.zh).toMatch(/4 手.*m0 → m1 → m2 → m3 → m4$/)
    expect(remark?.says.en).toMatch(/4 steps/)
    expect(remark?.fix).toEqual({zh: '给他写明在职的 successor', en: 'name an active successor for him'})
  })
  it('goes by the successor where one is named', () => {
    expect(tooLong(line(4, (index) => (index === 0 ? {successor: 'M4'} : {})))).toEqual([])
    expect(tooLong(line(4, (index) => (index === 0 ? {successor: 'm1'} : {})))).toEqual([
      'offboard-chain-too-long organization.yaml /members/0/successor',
    ])
  })
  it('grows by who leaves, at that instant', () => {
    const leaving = line(4, (index) => (index === 3 ? {leftAt: '2026-11-24T12:00:00+08:00'} : {}))
    expect(tooLong(leaving, NOW_MS - 1)).toEqual([])
    expect(tooLong(leaving, NOW_MS)).toHaveLength(1)
  })
  it('of somebody who is still there is not looked at', () => {
    expect(tooLong(line(4, (index) => (index === 0 ? {status: 'active', leftAt: undefined} : {})))).toEqual([])
  })
  it('that runs in a circle is told by the circle alone', () => {
    const round = line(3, (index) => (index === 3 ? {status: 'disabled', leader: 'm0'} : {}))
    expect(describeRemarks(remarksOf(round))).toEqual(['people-form-no-circle organization.yaml /members/0/leader'])
  })
})
