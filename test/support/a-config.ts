import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {dump} from 'js-yaml'
import {type AssembledConfig, assembleConfig} from '../../scripts/core/load/assemble-config.js'
import type {Asset, Config} from '../../scripts/core/model/config.js'
import type {Remark} from '../../scripts/core/model/finding.js'
import {checkConfig} from '../../scripts/core/validate/check-config.js'

/** Noon in Shanghai on the day most tests take for today. */
export const NOW_MS = Date.UTC(2026, 10, 24, 4)

/** Configuration files by path: a text, a document to be written as YAML, or `null` for a file that is not there. */
export type Changes = Readonly<Record<string, string | object | null>>
export type Files = Readonly<Record<string, string>>

const START: Readonly<Record<string, object>> = {
  'enterprise.yaml': {corpId: 'ww0000000000000001', agentId: 1000002, timezone: 'Asia/Shanghai'},
  'organization.yaml': {
    departments: [
      {path: '/总部', id: 1},
      {path: '/总部/华南区/天河店', id: 11},
      {path: '/总部/华北区/西单店', id: 12},
      {path: '/总部/财务部', id: 13},
    ],
    members: [
      {
        id: 'zhang.san',
        departments: ['/总部/华南区/天河店'],
        leader: 'wang.dian',
        displayName: '张顾问',
        number: '00123',
      },
      {id: 'wang.dian', departments: ['/总部/华南区'], displayName: '王店长'},
      {id: 'li.si', departments: ['/总部/华北区/西单店'], displayName: '李顾问'},
    ],
  },
  'policy.yaml': {},
  'links.yaml': {
    hosts: [{host: 'm.hehejj.example', owner: '品牌部'}],
    miniprograms: [{appid: 'wx0000000000000001', owner: '品牌部', associated: '2026-10-01'}],
  },
  'roles.yaml': {审批人: {may: ['approve']}, 编辑: {may: ['edit-text', 'edit-schedule']}},
  'facts.yaml': {'/总部/华南区/天河店': {门店名称: '天河店', 门店地址: '体育东路118号'}},
  'templates/hello.yaml': {title: '问候', text: '[客户昵称]您好，我是[员工姓名]。'},
  'schedules/all.yaml': {title: '全员', audience: {}, template: 'hello'},
}

/** The small valid start with changes, as the texts of a configuration folder. */
export function aConfig(changes: Changes = {}): Files {
  const entries = Object.entries({...START, ...changes}).flatMap(([path, content]) =>
    content === null ? [] : [[path, typeof content === 'string' ? content : dump(content)] as const],
  )
  return Object.fromEntries(entries)
}

/** One document of the small start, to be changed by the caller. */
export function startDocument<T extends object = Record<string, unknown>>(path: string): T {
  const found = START[path]
  if (!found) throw new Error(`${path} is not part of the small start`)
  return JSON.parse(JSON.stringify(found)) as T
}

/** `organization.yaml` of the small start with other members or transfers. */
export const organization = (changes: object): object => ({...startDocument('organization.yaml'), ...changes})

/** `enterprise.yaml` of the small start with changes. */
export const enterprise = (changes: object): object => ({...startDocument('enterprise.yaml'), ...changes})

/** An asset as the loader would know it. */
export const anAsset = (path: string, changes: Partial<Asset> = {}): Asset => ({
  path,
  sha256: '0'.repeat(64),
  bytes: 1000,
  mime: 'image/png',
  width: 520,
  height: 416,
  ...changes,
})

export function assembled(changes: Changes = {}, assets: readonly Asset[] = []): AssembledConfig {
  const files = Object.entries(aConfig(changes)).map(([path, text]) => ({path, text}))
  return assembleConfig(files, new Map(assets.map((asset) => [asset.path, asset])), new Set())
}

/** The checked configuration; throws when the files do not even fit their schemas. */
export function configOf(changes: Changes = {}, assets: readonly Asset[] = []): Config {
  const {config, remarks} = assembled(changes, assets)
  if (remarks.length > 0) throw new Error(`the test's own files are broken: ${describeRemarks(remarks).join('; ')}`)
  return config
}

/** Everything load and validate say. Each remark is held to speak both languages, whatever test asked for it. */
export function remarksOf(
  changes: Changes = {},
  {nowMs = NOW_MS, assets = []}: {nowMs?: number; assets?: readonly Asset[]} = {},
): Remark[] {
  const {config, remarks, broken} = assembled(changes, assets)
  const all = [...remarks, ...checkConfig(config, broken, nowMs)]
  const unspeaking = all.filter((remark) => !speaksBothLanguages(remark))
  if (unspeaking.length > 0) throw new Error(`not said in both languages: ${JSON.stringify(unspeaking)}`)
  return all
}

const HAN = /\p{Script=Han}/u

/** Chinese has a Chinese character; English has a Latin word and is not the Chinese sentence. */
export const speaksBothLanguages = ({rule, says, fix}: Pick<Remark, 'rule' | 'says' | 'fix'>): boolean =>
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/i.test(rule) &&
  [says, fix].every(
    ({zh, en}) => HAN.test(zh) && /[a-z]{2}/i.test(en) && zh !== en && !/undefined|\[object/.test(zh + en),
  )

/** `rule file pointer` of each remark, in order. */
export const describeRemarks = (remarks: readonly Remark[]): string[] =>
  remarks.map(({rule, at}) => `${rule} ${at.file} ${'pointer' in at ? at.pointer : `${at.line}:${at.column}`}`)

/** Rule names, each once, sorted. */
export const rulesOf = (remarks: readonly Remark[]): string[] => [...new Set(remarks.map(({rule}) => rule))].sort()

/** Remarks of one rule. */
export const remarksOfRule = (rule: string, ...args: Parameters<typeof remarksOf>): Remark[] =>
  remarksOf(...args).filter((remark) => remark.rule === rule)

/** Writes files below a new temporary folder and removes it afterwards. Bytes are written as they are. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-test-'))
  try {
    for (const [path, content] of Object.entries(files)) writeInto(folder, path, content)
    return await use(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

export function writeInto(folder: string, path: string, content: string | Uint8Array): void {
  const target = join(folder, path)
  mkdirSync(dirname(target), {recursive: true})
  writeFileSync(target, content)
}
