/**
 * Made work of the shape a large company has: many templates of ~840 bytes, schedules, channels, and an organization.
 * Everything follows from the seed, so that two runs measure the same thing.
 */
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {createSeededFraction} from '../../scripts/commands/up/synthetic-customers.js'
import type {Directory} from '../../scripts/core/model/directory.js'

export interface Size {
  readonly templates: number
  readonly schedules: number
  readonly channels: number
  readonly members: number
}

/** The shape the bars were set for: 10,000 templates in 11,500 files. */
export const sizeOf = (templates: number): Size => ({
  templates,
  schedules: Math.ceil(templates / 10),
  channels: Math.ceil(templates / 20),
  members: Math.min(4000, Math.ceil(templates / 2)),
})

const SENTENCES = [
  '量尺和设计都不收费，您把小区名和户型发我，我先找两套同户型的实景给您看。',
  '店里有样品，可以来摸一摸再决定；停车凭小票免两小时。',
  '我把库存和交付周期查好给您，周末名额走得快，建议提前一天约。',
  '退换七天无理由，运费险自动理赔，订单问题请先留订单号。',
  '忌口、少辣直接备注，高峰期排号请点小程序，到号前三桌提醒您。',
]

const department = (index: number): string => `/总部/大区${index % 20}/门店${index % 500}`

/** Path below the configuration folder → text. */
export function generateConfig(size: Size, seed: number): Map<string, string> {
  const fraction = createSeededFraction(seed)
  const pick = (): string => SENTENCES[Math.floor(fraction() * SENTENCES.length)] ?? ''
  const files = new Map<string, string>()
  files.set('enterprise.yaml', 'corpId: wwbench0000000001\nagentId: 1000002\ntimezone: Asia/Shanghai\n')
  files.set(
    'policy.yaml',
    'text:\n  maxCharacters: 400\n  forbidden: [保本, 稳赚]\nguard:\n  linkChange: {template: 20%, release: 20%}\n',
  )
  files.set('links.yaml', 'hosts:\n  - {host: m.bench.example, owner: 品牌部}\n')
  files.set('facts.yaml', '/总部: {门店名称: 总店, 门店地址: 东湖路9号, 营业时间: "10:00-22:00"}\n')
  files.set(
    'organization.yaml',
    `members:\n${Array.from({length: size.members}, (_, index) => `  - {id: m${index}, departments: [${department(index)}], displayName: 顾问${index}, attributes: {星级: ${index % 5}}}`).join('\n')}\n`,
  )
  for (let index = 0; index < size.templates; index++)
    files.set(`templates/region${index % 50}/t${index}.yaml`, template(index, pick))
  for (let index = 0; index < size.schedules; index++) files.set(`schedules/s${index}.yaml`, schedule(index, size))
  for (let index = 0; index < size.channels; index++)
    files.set(
      `channels/c${index}.yaml`,
      `title: 渠道${index}\nstate: st_${index}\nkind: external\ntags: [来源/渠道${index % 30}]\n`,
    )
  return files
}

const templateId = (index: number): string => `region${index % 50}/t${index}`

function template(index: number, pick: () => string): string {
  const lines = [
    `title: 门店欢迎语${index}`,
    'text: |-',
    `  [客户昵称]您好，我是[门店名称]的顾问[员工姓名]，编号${index}。`,
    '  📍 [门店地址]　🕙 [营业时间]',
    `  ${pick()}`,
    `  ${pick()}`,
    `  ${pick()}`,
    'attachments:',
    `  - {type: link, title: 指南${index}, description: 十二个户型，附材料清单, url: "https://m.bench.example/guide/${index}?ch=wecom"}`,
    'fallback: 您好，欢迎联系我们，稍后回复您。',
  ]
  return `${lines.join('\n')}\n`
}

function schedule(index: number, size: Size): string {
  const id = (offset: number): string => templateId((index * 10 + offset) % size.templates)
  return (
    [
      `title: 排班${index}`,
      `audience: {departments: [${department(index)}], levels: {星级: ">=${index % 5}"}}`,
      'slots:',
      `  - {from: "06:00", to: "14:00", template: ${id(0)}}`,
      `  - {from: "14:00", to: "22:00", template: [${id(1)}, ${id(2)}]}`,
      `  - {days: [mon, sat], from: "22:00", to: "06:00", template: ${id(3)}}`,
      `default: [${[4, 5, 6, 7, 8, 9].map(id).join(', ')}]`,
      `priority: ${index}`,
    ].join('\n') + '\n'
  )
}

export function writeFiles(files: ReadonlyMap<string, string>, folder: string): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
}

/** A directory document of many members, as the responder loads it. */
export function generateDirectory(members: number): Directory {
  return {
    members: Array.from({length: members}, (_, index) => ({
      id: `m${index}`,
      departments: [department(index)],
      roles: index % 10 === 0 ? ['销冠'] : [],
      attributes: {星级: index % 5},
      status: 'active' as const,
      displayName: `顾问${index}`,
      facts: {},
    })),
    transfers: [],
  }
}
