import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {MAX_GROUP_WELCOMES} from './limits.js'
import {remark, type Rule} from './rule.js'

/** What a capability profile lacks is refused. */
export const editionAllows: Rule = ({config}) => {
  const edition = config.enterprise.value.edition ?? 'industry'
  if (edition === 'industry') return []
  const fix = {zh: '去掉它，或在 enterprise.yaml 里改 edition', en: 'remove it, or change edition in enterprise.yaml'}
  const refuse = (resource: {readonly file: string}, pointer: string, zh: string, en: string): Remark =>
    remark(
      resource,
      pointer,
      'edition-allows',
      'error',
      {zh: `${edition} 版没有${zh}`, en: `the ${edition} edition has no ${en}`},
      fix,
    )
  const narrowed = [...config.schedules.values()].flatMap((schedule) => {
    const {departments = [], roles = [], channels = [], levels = {}} = schedule.value.audience
    const uses = [
      departments.length > 0 && 'departments',
      roles.length > 0 && 'roles',
      channels.length > 0 && 'channels',
      Object.keys(levels).length > 0 && 'levels',
    ].filter((name) => name !== false)
    return uses.map((name) =>
      refuse(
        schedule,
        `/audience/${name}`,
        '按部门、角色、渠道区分的文案',
        'different texts by department, role or channel',
      ),
    )
  })
  if (edition === 'standard') return narrowed
  return [
    ...narrowed,
    ...[...config.templates.values()]
      .filter(({value}) => (value.attachments ?? []).length > 0)
      .map((template) => refuse(template, '/attachments', '附件', 'attachments')),
    ...[...config.schedules.values()]
      .filter(({value}) => value.slots !== undefined || value.dates !== undefined)
      .map((schedule) => refuse(schedule, '/slots', '时段', 'slots')),
  ]
}

export const groupWelcomesFitThePool: Rule = ({config}) => {
  const [first] = config.groupWelcomes.values()
  return first && config.groupWelcomes.size > MAX_GROUP_WELCOMES
    ? [
        remark(
          first,
          '',
          'group-welcomes-fit-the-pool',
          'error',
          {
            zh: `入群欢迎语有 ${config.groupWelcomes.size} 条，平台最多 ${MAX_GROUP_WELCOMES} 条`,
            en: `there are ${config.groupWelcomes.size} group welcomes, the platform holds ${MAX_GROUP_WELCOMES}`,
          },
          {zh: '合并或删除一些', en: 'merge or delete some'},
        ),
      ]
    : []
}

const SECRET = /^[A-Za-z0-9_-]{43}$/

/** Corp secrets and EncodingAESKeys are 43 characters long; none belongs into the repository. */
export const noSecretsInConfig: Rule = ({config}) => {
  const {enterprise, organization, policy, links, facts, templates, channels, groupWelcomes} = config
  const resources: Resource<unknown>[] = [enterprise, organization, policy, links, facts]
  for (const more of [templates, channels, groupWelcomes]) resources.push(...more.values())
  const suspects = resources.filter(({value}) => holdsSecret(value))
  return suspects.flatMap((resource) =>
    secretPlaces(resource.value, '').map((pointer) =>
      remark(
        resource,
        pointer,
        'no-secret-in-config',
        'error',
        {zh: '这里像是一个 Secret 或 EncodingAESKey', en: 'this looks like a secret or an EncodingAESKey'},
        {
          zh: '删除它并立即在后台更换；秘密只放在环境变量里',
          en: 'remove it and change it in the console at once; secrets belong into the environment',
        },
      ),
    ),
  )
}

const isSecret = (text: string): boolean =>
  text.length === 43 && SECRET.test(text) && /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)

/** Asked first, since it makes nothing; nearly every resource ends here. */
function holdsSecret(value: unknown): boolean {
  if (typeof value === 'string') return isSecret(value)
  if (value === null || typeof value !== 'object') return false
  for (const inner of Array.isArray(value) ? value : Object.values(value)) if (holdsSecret(inner)) return true
  return false
}

function secretPlaces(value: unknown, pointer: string): string[] {
  if (typeof value === 'string') return isSecret(value) ? [pointer] : []
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    secretPlaces(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
}
