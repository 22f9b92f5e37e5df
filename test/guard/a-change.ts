import {evaluateGuard, type GuardHistory, type GuardResult} from '../../scripts/core/guard/evaluate-guard.js'
import type {Asset} from '../../scripts/core/model/config.js'
import {type Changes, configOf, NOW_MS, speaksBothLanguages} from '../support/a-config.js'

export interface ChangeSetting extends GuardHistory {
  readonly baseAssets?: readonly Asset[]
  readonly headAssets?: readonly Asset[]
  readonly nowMs?: number
}

/** What the guard says of a change; every lock and finding is held to speak both languages, whatever test asked for it. */
export function guard(base: Changes, head: Changes, setting: ChangeSetting = {}): GuardResult {
  const {baseAssets = [], headAssets = baseAssets, nowMs = NOW_MS, ...history} = setting
  const result = evaluateGuard(configOf(base, baseAssets), configOf(head, headAssets), nowMs, history)
  const mute = [
    ...result.locks.map(({kind, says, fix}) => ({rule: kind, says, fix})),
    ...result.findings.map(({rule, says, fix}) => ({rule, says, fix})),
  ].filter((said) => !speaksBothLanguages(said))
  if (mute.length > 0) throw new Error(`not said in both languages: ${JSON.stringify(mute)}`)
  return result
}

/** `kind scope` of locks that hold whatever the ratio, sorted. */
export const dangersOf = ({locks}: GuardResult): string[] =>
  locks
    .filter(({limit}) => limit === 0)
    .map(({kind, scope}) => `${kind} ${scope}`)
    .sort()

/** `scope kind changed/total` of locks that measure, with the days of a window. */
export const measuresOf = ({locks}: GuardResult): string[] =>
  locks
    .filter(({limit}) => limit > 0)
    .map(({scope, kind, changed, total, days}) => `${scope} ${kind} ${changed}/${total}${days ? ` ${days}d` : ''}`)

/** The small start with these hosts registered. */
export const registered = (...hosts: readonly (string | object)[]): Changes => ({
  'links.yaml': {
    hosts: hosts.map((host) => (typeof host === 'string' ? {host, owner: '招生办'} : host)),
    miniprograms: [{appid: 'wx0000000000000001', owner: '品牌部'}],
  },
})

/** One template with one link card; more fields as wanted. */
export const card = (url: string, more: object = {}, fields: object = {}): Changes => ({
  'templates/hello.yaml': {
    title: '问候',
    text: '您好',
    fallback: '您好',
    attachments: [{type: 'link', title: '指南', url, ...more}],
    ...fields,
  },
})

/** One template that only says this. */
export const says = (text: string, more: object = {}): Changes => ({
  'templates/hello.yaml': {title: '问候', text, ...more},
})
