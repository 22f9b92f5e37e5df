import type {Language} from '../model/words.js'

/** What the gate hands on about locks; the fields of its JSON document that a notice needs. */
export interface NoticeFacts {
  readonly pull: {readonly number: number; readonly author: string}
  readonly url: string | null
  readonly locks: readonly {
    readonly says: string
    readonly isOpen: boolean
    readonly places: readonly {readonly file: string; readonly before: string | null; readonly after: string | null}[]
  }[]
}

const MOST_PLACES = 3

/** A message for the security group: which lock, from where to where, who proposed it, where to look; cut to `maxBytes`. */
export function renderNotice({pull, url, locks}: NoticeFacts, maxBytes: number, language: Language): string {
  const zh = language === 'zh'
  const closed = locks.filter(({isOpen}) => !isOpen)
  const head = zh
    ? `**欢迎语改动已锁定** 合并请求 #${pull.number}（作者 ${plain(pull.author)}）`
    : `**A welcome change is locked**: pull request #${pull.number} by ${plain(pull.author)}`
  const tail = url === null ? '' : zh ? `\n查看：${url}` : `\nlook: ${url}`
  const lines = closed.flatMap(({says, places}) => [
    `> ${plain(says)}`,
    ...places
      .slice(0, MOST_PLACES)
      .map(({file, before, after}) => `> ${plain(file)}  ${hostOf(before)} → ${hostOf(after)}`),
  ])
  const kept: string[] = [head]
  for (const line of lines) {
    if (Buffer.byteLength([...kept, line].join('\n') + tail) > maxBytes - MARGIN) {
      kept.push('> …')
      break
    }
    kept.push(line)
  }
  return kept.join('\n') + tail
}

const MARGIN = 8

/** Hosts are what an attacker swaps; the rest of an address is left for the pull request. */
function hostOf(value: string | null): string {
  if (value === null) return '∅'
  return plain(URL.canParse(value) && value.includes('://') ? new URL(value).host : value.slice(0, 60))
}

/** No markup and no mention of WeCom's own in text that others wrote. */
const plain = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/[<>[\]*`@]/g, ' ')
