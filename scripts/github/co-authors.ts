import type {Account, ProposedCommit} from '../core/model/review.js'
import {accountOf} from './accounts.js'

type Person = ProposedCommit['people'][number]

/** Folded over lines as git folds it; no part can match in two ways, as anybody may write a long message. */
const TRAILER = /^co-authored-by[ \t]*:(?:[^<\n]|\n[ \t])*<([^<>\s]+)>[^\S\n]*$/gim
const NO_REPLY = /^(?:\d+\+)?([\w-]+(?:\[bot\])?)@users\.noreply\.[\w.-]+$/i
/** GitHub itself committed: a merge or an edit in the browser. */
const HOST_ADDRESS = 'noreply@github.com'
const HOST_LOGIN = 'web-flow'

const UNKNOWN: Person = {login: null, isBot: false}

/** As much of a commit as tells who wrote it. */
export interface WrittenCommit {
  readonly author: {readonly login?: string; readonly type?: string} | null
  readonly committer: {readonly login?: string; readonly type?: string} | null
  readonly commit: {
    readonly message: string
    readonly author: {readonly email?: string | undefined} | null
    readonly committer: {readonly email?: string | undefined} | null
  }
}

/** Accounts by address, as far as the commits of one proposal tell. */
export function addressBook(commits: readonly WrittenCommit[]): ReadonlyMap<string, Account> {
  const known = new Map<string, Account>()
  for (const {author, committer, commit} of commits)
    for (const [account, written] of [
      [author, commit.author],
      [committer, commit.committer],
    ] as const)
      if (account?.login && written?.email)
        known.set(written.email.toLowerCase(), accountOf({...account, login: account.login}))
  return known
}

/** Author, committer and co-authors, each once; whoever GitHub does not know is `login: null`. */
export function peopleOf(written: WrittenCommit, known: ReadonlyMap<string, Account>): Person[] {
  const {author, committer, commit} = written
  const people: Person[] = [author?.login ? accountOf({...author, login: author.login}) : UNKNOWN]
  if (committer?.login !== HOST_LOGIN && commit.committer?.email?.toLowerCase() !== HOST_ADDRESS)
    people.push(committer?.login ? accountOf({...committer, login: committer.login}) : UNKNOWN)
  for (const [, address = ''] of commit.message.matchAll(TRAILER)) people.push(personAt(address, known))
  const byLogin = new Map(people.map((person) => [person.login?.toLowerCase() ?? null, person]))
  return [...byLogin.values()]
}

function personAt(address: string, known: ReadonlyMap<string, Account>): Person {
  const [, login] = NO_REPLY.exec(address) ?? []
  return login === undefined ? (known.get(address.toLowerCase()) ?? UNKNOWN) : accountOf({login})
}
