import type {Config} from '../core/model/config.js'
import {parseInstant} from '../core/model/instant.js'
import type {ContactWayValue, LiveFacts, State} from '../core/model/plan.js'
import type {Words} from '../core/model/words.js'
import type {WrittenPolicy} from '../core/model/written.js'
import {type Drift, findDrifts, type StrayWay} from '../core/observe/find-drifts.js'
import {renderDriftMarkdown} from '../core/observe/render-drifts.js'
import type {Clock, CodeHost, Store, WeComWriter} from '../core/ports.js'
import {makePlan} from './plan.js'
import {planSources} from './plan-sources.js'

/** The calls that only look. */
export type WeComReader = Pick<
  WeComWriter,
  'listCorpTags' | 'listContactWays' | 'getContactWay' | 'listMemberTags' | 'getMemberTagUsers'
>

export interface DriftPorts {
  readonly store: Pick<Store, 'readState' | 'readDocument' | 'readJournal' | 'readMedia' | 'readManifest'>
  readonly reader: WeComReader
  readonly clock: Pick<Clock, 'nowMs'>
}

export interface DriftReport {
  readonly drifts: readonly Drift[]
  /** What was not compared, and what a reader should know. */
  readonly notes: readonly Words[]
  /** The name of the freeze window in force. */
  readonly freeze: string | null
}

/** Codes of other systems are looked at one by one to find those with our mark; a company may have thousands. */
const MOST_STRANGERS = 200

/** Compares without writing anything, in WeCom or in the store. Throws Refused and AnswerLost where WeCom did not tell. */
export async function observeDrift({store, reader, clock}: DriftPorts, config: Config): Promise<DriftReport> {
  const nowMs = clock.nowMs()
  const {plan, recovered} = await makePlan({store, clock}, await planSources(config, store, nowMs))
  const {state} = recovered
  const live = await readLive(reader, state)
  const {strays, unread} = await findStrays(reader, state)
  const manifest = (await store.readManifest())?.manifest ?? null
  const freeze = findFreeze(config.policy.value, nowMs)
  return {
    drifts: findDrifts({state, live, strays, manifest, steps: plan.steps}),
    notes: [
      ...NOT_COMPARED,
      ...(unread > 0 ? [notLookedAt(unread)] : []),
      ...Object.keys(state.ambiguous).sort().map(stillOpen),
      ...(manifest?.canary ? [CANARY_RUNS] : []),
      ...(freeze ? [frozen(freeze)] : []),
    ],
    freeze: freeze?.name ?? null,
  }
}

async function readLive(reader: WeComReader, {resources}: State): Promise<LiveFacts> {
  const ofKind = (...kinds: readonly string[]) => Object.values(resources).filter(({kind}) => kinds.includes(kind))
  const contactWays: Record<string, ContactWayValue | null> = {}
  for (const {remoteId} of ofKind('contact-way'))
    if (remoteId !== undefined) contactWays[remoteId] = await reader.getContactWay(remoteId)
  const corpTags = ofKind('corp-tag').length > 0 ? await reader.listCorpTags() : []
  const names = new Set(ofKind('member-tag', 'member-tag-users').map(({id}) => id))
  const memberTags: Record<string, readonly string[]> = {}
  if (names.size > 0)
    for (const {id, name} of await reader.listMemberTags())
      if (names.has(name)) memberTags[name] = await reader.getMemberTagUsers(id)
  return {contactWays, corpTags: corpTags.map(({group, name}) => `${group}/${name}`), memberTags}
}

const OUR_MARK = 'yb:'

async function findStrays(
  reader: WeComReader,
  {resources}: State,
): Promise<{readonly strays: StrayWay[]; readonly unread: number}> {
  const known = new Set(Object.values(resources).map(({remoteId}) => remoteId))
  const strangers = (await reader.listContactWays(0)).filter((configId) => !known.has(configId))
  const strays: StrayWay[] = []
  for (const configId of strangers.slice(0, MOST_STRANGERS)) {
    const value = await reader.getContactWay(configId)
    if (value?.remark.startsWith(OUR_MARK)) strays.push({configId, value})
  }
  return {strays, unread: Math.max(0, strangers.length - MOST_STRANGERS)}
}

type Freeze = NonNullable<WrittenPolicy['freeze']>[number]

const findFreeze = ({freeze = []}: WrittenPolicy, nowMs: number): Freeze | undefined =>
  freeze.find(({from, until}) => parseInstant(from) <= nowMs && nowMs < parseInstant(until))

const MARKER = '<!-- yingbin:drift -->'

/** One issue that says what differs, closed when nothing does. */
export async function keepDriftIssue(
  host: Pick<CodeHost, 'keepIssue'>,
  {drifts, notes}: DriftReport,
  language: 'zh' | 'en',
): Promise<void> {
  const title =
    language === 'zh'
      ? `企业微信与配置不一致：${drifts.length} 处`
      : `WeCom and the configuration differ: ${drifts.length}`
  const body = drifts.length === 0 ? null : renderDriftMarkdown(drifts, notes, language)
  await host.keepIssue(MARKER, {title, body, labels: ['drift']})
}

const NOT_COMPARED: readonly Words[] = [
  {
    zh: '入群欢迎语没有查询接口，后台改了看不出来；素材 id 三天一换，不比',
    en: 'group welcomes have no call that reads them, so an edit in the console is not seen; media ids change every three days and are not compared',
  },
]
const CANARY_RUNS: Words = {zh: '有一个灰度正在进行', en: 'a canary is running'}
const notLookedAt = (count: number): Words => ({
  zh: `还有 ${count} 个不是系统建的活码没有逐个查看`,
  en: `${count} more codes that are not ours were not looked at one by one`,
})
const stillOpen = (key: string): Words => ({
  zh: `「${key}」上次创建没有收到答复，等待人工认领`,
  en: `the create of "${key}" got no answer and waits for a person`,
})
const frozen = ({name, until}: Freeze): Words => ({
  zh: `正在冻结期「${name}」，到 ${until} 为止只报告、不应用`,
  en: `in the freeze window "${name}" until ${until}: drift is reported and nothing is applied`,
})
