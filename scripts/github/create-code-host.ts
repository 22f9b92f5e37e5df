import type {CodeHost} from '../core/ports.js'
import {type BlobMemory, writeFolderAt} from './folders.js'
import {createHistoryCalls} from './history.js'
import {createKit, type KitSettings, orNotFound, type Repository, told} from './kit.js'
import {createProposalCalls} from './proposals.js'
import {createPullCalls} from './pulls.js'
import {createTalkCalls} from './talk.js'
import {HostRefused} from '../core/ports.js'

export interface CodeHostSettings extends KitSettings, Repository {
  /** Whom the client speaks as, where GitHub does not tell (some tokens may not ask). */
  readonly login?: string | undefined
}

/** The account that Actions' own token writes as. */
const ACTIONS = 'github-actions[bot]'

/** One repository on GitHub. Throws HostRefused; what it throws holds neither token nor address. */
export function createCodeHost(settings: CodeHostSettings): CodeHost {
  const {owner, repo, app, login} = settings
  const kit = createKit(settings)
  const repository = {owner, repo}
  let own: Promise<string> | null = null
  const ask = async (): Promise<string> => {
    if (login !== undefined) return login
    if (app) {
      const found = await told(() => kit.rest.apps.getAuthenticated())
      return `${found.data?.slug ?? ''}[bot]`
    }
    return (await userLogin()) ?? ACTIONS
  }
  /** `null` for the token of an Actions run, which is nobody's. */
  const userLogin = async (): Promise<string | null> => {
    try {
      return (await orNotFound(() => kit.rest.users.getAuthenticated()))?.data.login ?? null
    } catch (error) {
      if (error instanceof HostRefused && error.status === 403) return null
      throw error
    }
  }
  const ownLogin = async (): Promise<string> => {
    try {
      return await (own ??= ask())
    } catch (error) {
      own = null
      throw error
    }
  }
  const blobs: BlobMemory = new Map()
  return {
    ownLogin,
    ...createPullCalls(kit, repository),
    ...createHistoryCalls(kit, repository),
    ...createTalkCalls(kit, repository, ownLogin),
    ...createProposalCalls(kit, repository),
    readFolder: (commit, folder, target) => writeFolderAt(kit, repository, commit, folder, target, blobs),
  }
}
