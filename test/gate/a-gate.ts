import {evaluateGate, type GateFacts, type GateVerdict} from '../../scripts/core/gate/evaluate-gate.js'
import type {VerdictNode} from '../../scripts/core/gate/verdict-node.js'
import {findChanges} from '../../scripts/core/guard/find-changes.js'
import type {Account, ProposedCommit, PullRequest, Review, ReviewComment} from '../../scripts/core/model/review.js'
import {type Changes, configOf, NOW_MS} from '../support/a-config.js'

export const HEAD = 'a'.repeat(40)
export const OLDER = 'b'.repeat(40)
/** The plan was shown ten minutes before now. */
export const SHOWN_MS = NOW_MS - 600_000

export const person = (login: string): Account => ({login, isBot: false})

/** A bank: marketing writes, three departments agree, two departments may unlock. */
export const BANK: Changes = {
  'organization.yaml': {
    members: [
      ...[
        ['xiao.wen', '/总行/零售金融部', 'xiao-wen'],
        ['ling.shou', '/总行/零售金融部', 'ling-shou'],
        ['ling.er', '/总行/零售金融部/产品组', 'ling-er'],
        ['he.gui', '/总行/合规部', 'he-gui'],
        ['he.er', '/总行/合规部', 'he-er'],
        ['xiao.bao', '/总行/消费者权益保护部', 'xiao-bao'],
        ['ke.ji', '/总行/信息科技部', 'ke-ji'],
        ['nei.shen', '/总行/内审部', 'nei-shen'],
        ['an.quan', '/总行/内审部', 'an-quan'],
        ['lin.shi', '/总行/零售金融部', 'lin-shi'],
      ].map(([id, department, github]) => ({id, departments: [department], github})),
      {
        id: 'li.zhi',
        departments: ['/总行/合规部'],
        github: 'li-zhi',
        status: 'left',
        leftAt: '2026-11-20T00:00:00+08:00',
      },
    ],
  },
  'roles.yaml': {
    编辑: {may: ['edit-text', 'edit-link', 'edit-attachment', 'edit-schedule']},
    审批人: {may: ['approve']},
    安全员: {may: ['approve', 'unlock']},
    授权管理: {may: ['edit-grant', 'edit-policy', 'edit-organization']},
  },
  'grants/all.yaml': [
    {
      role: '编辑',
      to: ['github:xiao-wen'],
      over: {files: ['templates/**', 'schedules/**']},
      until: '2027-06-30',
      ticket: 'OA-1',
    },
    {
      role: '审批人',
      to: ['ling-shou', 'ling-er', 'he-gui', 'he-er', 'xiao-bao', 'ke-ji', 'nei-shen', 'li-zhi', 'xiao-wen'].map(
        (login) => `github:${login}`,
      ),
      until: '2027-06-30',
      ticket: 'OA-2',
    },
    {role: '安全员', to: ['github:an-quan', 'github:ke-ji'], until: '2027-06-30', ticket: 'OA-3'},
    {role: '授权管理', to: ['github:ke-ji'], until: '2027-06-30', ticket: 'OA-4'},
  ],
  'policy.yaml': {
    review: [
      {
        name: '文案或链接',
        on: ['text', 'link', 'attachment', 'schedule', 'audience'],
        need: [
          {count: 1, department: '/总行/零售金融部', role: '审批人'},
          {count: 1, department: '/总行/合规部', role: '审批人'},
          {count: 1, department: '/总行/消费者权益保护部', role: '审批人'},
        ],
        ttl: '300s',
      },
      {
        name: '授权',
        on: ['grant', 'role', 'policy', 'organization'],
        need: [{count: 3, role: '审批人', distinctDepartments: true}],
      },
    ],
    unlock: {need: [{count: 2, role: '安全员', distinctDepartments: true}], expires: '4h'},
  },
  'templates/hello.yaml': {title: '问候', text: '您好，理财非存款。'},
}

export const NEW_TEXT: Changes = {'templates/hello.yaml': {title: '问候', text: '您好，理财非存款，投资须谨慎。'}}

let reviewId = 0
/** An approval of the head, one minute before now unless said otherwise. */
export const approval = (login: string, changes: Partial<Review> = {}): Review => ({
  id: ++reviewId,
  by: person(login),
  state: 'approved',
  commit: HEAD,
  submittedAtMs: NOW_MS - 60_000,
  isEdited: false,
  ...changes,
})

export const comment = (login: string, body: string, changes: Partial<ReviewComment> = {}): ReviewComment => ({
  id: ++reviewId,
  by: person(login),
  body,
  createdAtMs: NOW_MS - 60_000,
  isEdited: false,
  ...changes,
})

export const pullRequest = (changes: Partial<PullRequest> = {}): PullRequest => ({
  number: 7,
  author: person('xiao-wen'),
  state: 'open',
  isDraft: false,
  isFork: false,
  head: HEAD,
  base: 'c'.repeat(40),
  baseRef: 'main',
  defaultBranch: 'main',
  mergedAtMs: null,
  mergeCommit: null,
  labels: [],
  ...changes,
})

export const aCommit = (login: string, ...files: readonly string[]): ProposedCommit => ({
  sha: HEAD,
  people: [person(login)],
  files: files.map((file) => `config/${file}`),
})

/** What the gate looks at: `base` and `head` are files changed from the bank. */
export function gateFacts(
  {base = {}, head = NEW_TEXT}: {readonly base?: Changes; readonly head?: Changes},
  changes: Partial<GateFacts> = {},
): GateFacts {
  const before = configOf({...BANK, ...base})
  const after = configOf({...BANK, ...base, ...head})
  return {
    pull: pullRequest(),
    commits: [aCommit('xiao-wen', 'templates/hello.yaml')],
    changedFiles: ['config/templates/hello.yaml'],
    reviews: [],
    comments: [],
    commitsBehind: 0,
    unshipped: [],
    folder: 'config',
    base: before,
    head: after,
    changes: findChanges(before, after),
    locks: [],
    needsOneMore: false,
    isReturn: false,
    isOwnReturn: false,
    errorCount: 0,
    digestShownAtMs: SHOWN_MS,
    nowMs: NOW_MS,
    ...changes,
  }
}

export const ALL_THREE = (): Review[] => [approval('ling-shou'), approval('he-gui'), approval('xiao-bao')]

export const decide = (sides: Parameters<typeof gateFacts>[0], changes: Partial<GateFacts> = {}): GateVerdict =>
  evaluateGate(gateFacts(sides, changes))

/** Names of the leaves that do not hold. */
export function failing(verdict: GateVerdict): string[] {
  const leaves = (node: VerdictNode): VerdictNode[] =>
    node.children.length === 0 ? [node] : node.children.flatMap(leaves)
  return verdict.tree
    .flatMap(leaves)
    .filter(({holds}) => !holds)
    .map(({name}) => name)
}

export const voidedOf = (verdict: GateVerdict): string[] =>
  verdict.voided.map(({login, reason}) => `${login} ${reason}`)
