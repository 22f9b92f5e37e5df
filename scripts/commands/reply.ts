import type {Words} from '../core/model/words.js'
import {type Replied, replyToComment} from '../pipeline/reply.js'
import {inTemporaryFolder} from '../runtime/temporary-folder.js'
import {type CommandSpec, CouldNotRun} from './door.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost, REPO_HELP} from './open-code-host.js'
import {pathInRepository} from './repository-path.js'
import {openClock} from './store-option.js'

export const command: CommandSpec = {
  name: 'reply',
  summary: {
    zh: '回答合并请求评论里的 /yingbin 命令',
    en: 'answers /yingbin commands in comments of a pull request',
  },
  example: 'yingbin reply --pr 42 --comment 1234567',
  configure: (command, language) =>
    command
      .requiredOption('--pr <number>', language === 'en' ? 'number of the pull request' : '合并请求编号')
      .requiredOption('--comment <id>', language === 'en' ? 'id of the comment' : '评论的 id')
      .option('--repo <owner/name>', REPO_HELP[language ?? 'zh']),
  async run(door, options, language) {
    const [number, comment] = [wholeNumber(options['pr'], '--pr'), wholeNumber(options['comment'], '--comment')]
    const clock = openClock(door)
    const replied = await orHostRefused(
      replyToComment(
        {host: openCodeHost(door, options), clock, inFolder: inTemporaryFolder},
        {number, comment, folder: pathInRepository(door, options.config), language},
      ),
    )
    if (options.json) door.out(`${JSON.stringify({command: 'reply', verdict: 'ok', findings: [], replied})}\n`)
    else door.out(`${WORDS[replied][language ?? 'zh']}\n`)
    return 0
  },
}

function wholeNumber(written: unknown, flag: string): number {
  if (typeof written === 'string' && /^[1-9]\d{0,15}$/.test(written)) return Number(written)
  throw new CouldNotRun(
    {zh: `${flag} 要写一个编号`, en: `${flag} takes a number`},
    {zh: command.example, en: command.example},
  )
}

const WORDS: Readonly<Record<Replied, Words>> = {
  answered: {zh: '已回答', en: 'answered'},
  'nothing-asked': {zh: '评论里没有要回答的命令', en: 'the comment asks nothing'},
  'not-a-member': {
    zh: '评论者不是组织里的在职成员，没有回答',
    en: 'whoever commented is no active member; not answered',
  },
  'no-such-comment': {zh: '没有这条评论', en: 'there is no such comment'},
}
