import {join} from 'node:path'
import {createCanvas, encodePng} from '../../scripts/make-assets/png.js'
import {aConfig, type Changes, startDocument, writeInto} from '../support/a-config.js'

/** What stands in WeCom once everything is applied, sorted. */
export interface Standing {
  readonly states: readonly string[]
  readonly welcomes: readonly string[]
  /** Customer tags; those of an earlier configuration stay, since customers may carry them. */
  readonly tags: readonly string[]
  /** Member tags that somebody holds. */
  readonly held: readonly string[]
}

export const CORP_ID = 'ww0000000000000001'

const range = (from: number, to: number): number[] => Array.from({length: to - from}, (_, index) => from + index)
const channels = (ids: readonly number[], state: string, tag: string): Changes =>
  Object.fromEntries(
    ids.map((n) => {
      const staff = {members: ['zhang.san']}
      return [`channels/c${n}.yaml`, {title: 'c', state: `${state}${n}`, staff, tags: [`来源/${tag}${n % 4}`]}]
    }),
  )
const welcomes = (ids: readonly number[], text: string): Changes =>
  Object.fromEntries(ids.map((n) => [`group-welcomes/w${n}.yaml`, {title: 'w', text: `${text}${n}`}]))
const roles = (names: readonly string[]): Changes => ({
  'roles.yaml': Object.fromEntries(names.map((name) => [name, {may: ['send-image'], wecomTag: name}])),
  'grants/all.yaml': names.map((role, n) => ({
    ...{role, until: '2099-06-30', ticket: `OA-${n}`},
    to: n % 2 === 0 ? ['member:zhang.san', 'member:li.si'] : ['department:/总部'],
  })),
})

const PICTURES = range(0, 4)
const PICTURE_SIZE = {width: 520, height: 416}
const BEFORE: Changes = {
  'templates/hello.yaml': {title: 't', text: '您好'},
  ...channels(range(0, 14), 'old', '旧'),
  ...welcomes(range(0, 12), '旧'),
  ...roles(['销冠', '新星']),
}
/** Sixty steps and more from {@link BEFORE}, of every kind and action. */
const AFTER: Changes = {
  'templates/hello.yaml': {
    ...{title: 't', text: '您好！', fallback: '您好'},
    attachments: PICTURES.map((n) => ({type: 'image', file: `assets/${n}.png`})),
  },
  ...channels(range(6, 24), 'new', '新'),
  ...welcomes(range(6, 22), '新'),
  ...roles(['新星', '店长', '培训师']),
  'organization.yaml': withPromotedMember(),
}

/** Somebody is called otherwise by now, so that the directory changes too. */
function withPromotedMember(): object {
  const written = startDocument<Organization & Record<string, unknown>>('organization.yaml')
  const members = written.members.map((member) => (member.id === 'li.si' ? {...member, displayName: '李店长'} : member))
  return {...written, members}
}

export const WANTED: Standing = {
  states: range(6, 24)
    .map((n) => `new${n}`)
    .sort(),
  welcomes: range(6, 22)
    .map((n) => `新${n}`)
    .sort(),
  tags: ['旧', '新'].flatMap((tag) => range(0, 4).map((n) => `${tag}${n}`)).sort(),
  held: ['新星', '店长', '培训师'].sort(),
}

/** The text of the group welcome of an id. */
export const wantedText = (id: string): string => `新${id.slice(1)}`

/** Writes `before` and `after` below a folder, as configuration folders. */
export function writeShop(folder: string): void {
  for (const [name, changes] of Object.entries({before: BEFORE, after: AFTER}))
    for (const [path, text] of Object.entries(aConfig(changes))) writeInto(join(folder, name), path, text)
  for (const n of PICTURES)
    writeInto(join(folder, 'after/assets'), `${n}.png`, encodePng(createCanvas(PICTURE_SIZE, [40 * n, 90, 160])))
}

interface Organization {
  readonly departments: readonly {readonly path: string; readonly id?: number}[]
  readonly members: readonly {readonly id: string}[]
}

/** The same company as the stand-in's control interface takes it. */
export function companyOfShop(): object {
  const {departments, members} = startDocument<Organization & Record<string, unknown>>('organization.yaml')
  return {
    departments: departments.map(({path, id}) => ({id, name: path, parentid: id === 1 ? 0 : 1})),
    members: members.map(({id}) => ({userid: id, name: id, department: [1]})),
  }
}
