import type {Config} from '../model/config.js'
import type {State} from '../model/plan.js'
import type {Words} from '../model/words.js'
import type {CorpTag, SeenContactWay} from '../ports.js'
import {type AskedWelcome, importGroupWelcomes} from './import-group-welcomes.js'
import {importWays} from './import-ways.js'
import {type ImportPart, keyOf} from './taken-over.js'

export interface ImportFacts {
  readonly config: Config
  readonly state: State
  /** Codes the state does not know. */
  readonly ways: readonly SeenContactWay[]
  readonly asked: readonly AskedWelcome[]
  readonly corpTags: readonly CorpTag[]
}

const MOST_TAGS = 50

/** What the configuration and the state will hold besides; nothing that either of them holds is changed. */
export function planImport({config, state, ways, asked, corpTags}: ImportFacts): ImportPart {
  const codes = importWays({config, state, ways})
  const welcomes = importGroupWelcomes({config, state, asked})
  const files = codes.taken.flatMap(({file}) => file ?? [])
  const titled = files.length > 0 ? [LOOK_AT_TITLES] : []
  const tags = files.length > 0 && corpTags.length > 0 ? [tagsUnknown(corpTags)] : []
  return {
    taken: [...codes.taken, ...welcomes.taken],
    missed: welcomes.missed,
    notes: [...codes.notes, ...welcomes.notes, ...titled, ...tags],
  }
}

/** The state with what was taken over; keys and ids it knows already are never replaced. */
export function addToState(state: State, {taken}: Pick<ImportPart, 'taken'>): State {
  const known = new Set(Object.values(state.resources).map(({remoteId}) => remoteId))
  const added = taken
    .map(({resource}) => [keyOf(resource), {...resource, isImported: true as const}] as const)
    .filter(([key, {remoteId}]) => !(key in state.resources) && !known.has(remoteId))
  return {...state, resources: {...state.resources, ...Object.fromEntries(added)}}
}

const LOOK_AT_TITLES: Words = {
  zh: '渠道的 title 取自活码备注：提交前看一眼，别把客户姓名带进仓库',
  en: "titles of channels are the codes' remarks: look at them before you commit, no customer's name belongs in the repository",
}

function tagsUnknown(corpTags: readonly CorpTag[]): Words {
  const names = corpTags.map(({group, name}) => `${group}/${name}`).sort()
  const shown = names.slice(0, MOST_TAGS)
  const more = names.length - shown.length
  return {
    zh: `企业微信不告诉活码打哪个客户标签；现有标签：${shown.join('、')}${more > 0 ? `，另有 ${more} 个` : ''}；需要的写进渠道的 tags`,
    en: `WeCom does not tell which customer tags a code puts; there are: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}; write those you need into the channel's tags`,
  }
}
