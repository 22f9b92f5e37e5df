import type {Language, Words} from '../core/model/words.js'
import {type Clock, HostRefused, type Store} from '../core/ports.js'
import {proposeRevert, type RevertOutcome} from '../pipeline/propose-revert.js'
import {inTemporaryFolder} from '../runtime/temporary-folder.js'
import {type CommonOptions, CouldNotRun, type Door, type ExitCode} from './door.js'
import {orHostRefused} from './host-refused.js'
import {openCodeHost} from './open-code-host.js'
import {pathInRepository} from './repository-path.js'
import {withStore} from './store-run.js'

type Options = Readonly<Record<string, unknown>> & CommonOptions

/** What became of the way back in git, for both kinds of output. */
export interface ToldRevert {
  readonly says: Words
  readonly shown: object
}

const ask = (door: Door, options: Options, ports: {readonly store: Store; readonly clock: Clock}) =>
  proposeRevert(
    {...ports, host: openCodeHost(door, options), inFolder: inTemporaryFolder},
    {folder: pathInRepository(door, options.config), baseRef: String(options['base'])},
  )

/** `rollback --revert`: nothing else. */
export const revertOnly = (door: Door, options: Options, language: Language): Promise<ExitCode> =>
  withStore(door, options, async (store, clock) => {
    const outcome = await orHostRefused(ask(door, options, {store, clock}))
    const {says, shown} = tell(outcome)
    const verdict = outcome.kind === 'impossible' ? 'refused' : 'ok'
    door.out(
      options.json
        ? `${JSON.stringify({command: 'rollback', verdict, findings: [], revert: shown})}\n`
        : `${says[language]}\n`,
    )
    return verdict === 'ok' ? 0 : 1
  })

/**
 * Right after a rollback: what customers hear is done, so a code host that is away, or not known here, is only told.
 */
export async function tryRevert(
  door: Door,
  options: Options,
  ports: {readonly store: Store; readonly clock: Clock},
): Promise<ToldRevert> {
  if (options['repo'] === undefined && !door.env['GITHUB_REPOSITORY'])
    return {says: HOST_UNKNOWN, shown: {kind: 'later'}}
  try {
    return tell(await ask(door, options, ports))
  } catch (error) {
    if (!(error instanceof HostRefused || error instanceof CouldNotRun)) throw error
    return {says: later(error.message), shown: {kind: 'later', reason: error.message}}
  }
}

function tell(outcome: RevertOutcome): ToldRevert {
  switch (outcome.kind) {
    case 'nothing':
      return {says: NOTHING, shown: outcome}
    case 'impossible':
      return {says: outcome.reason, shown: {kind: outcome.kind}}
    case 'proposed':
      return {says: proposed(outcome.number, outcome.files.length), shown: outcome}
  }
}

const NOTHING: Words = {
  zh: '主干没有被退下的内容，不用提还原。',
  en: 'The branch does not hold what was taken back: there is nothing to propose.',
}
const proposed = (number: number, files: number): Words => ({
  zh: `还原的合并请求：#${number}（${files} 个文件）。`,
  en: `The way back in git: pull request #${number} (${files} files).`,
})
const HOST_UNKNOWN: Words = {
  zh: '还原的合并请求没有提：不知道是哪个 GitHub 仓库。每小时的任务会提，或加 --repo 运行 yingbin rollback --revert。',
  en: 'No pull request takes it back in git yet: which GitHub repository is not known here. The hourly job proposes it, or run yingbin rollback --revert with --repo.',
}
const later = (message: string): Words => ({
  zh: `还原的合并请求还没有提：GitHub 没有办成（${message}）。恢复后每小时的任务会提，或运行 yingbin rollback --revert。`,
  en: `No pull request takes it back in git yet: GitHub did not do it (${message}). The hourly job proposes it once it is back, or run yingbin rollback --revert.`,
})
