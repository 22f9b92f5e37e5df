import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {digestOf} from '../../scripts/core/model/canonical.js'
import type {PromotedRelease} from '../../scripts/core/model/plan.js'
import {assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {type Changes, configOf, inFolder} from '../support/a-config.js'
import {documentOf, type Json, listOf, runCommand} from '../support/run-command.js'
import {commitAt, git, writeConfig} from './a-repository.js'

/** Ten links, of which the first `changed` lead elsewhere. */
const links = (changed: number): Changes => ({
  'templates/hello.yaml': {
    title: 'x',
    fallback: 'x',
    text: Array.from({length: 10}, (_, at) => `https://m.hehejj.example/${at < changed ? 'new' : 'old'}/${at}`).join(
      ' ',
    ),
  },
})
const NOW = '2026-11-24T12:00:00+08:00'

/** One commit a pull request: `[days ago, how many links lead elsewhere by then]`; the work tree holds one more. */
async function inHistory<T>(
  history: readonly (readonly [number, number])[],
  head: Changes,
  use: (cwd: string, commits: readonly string[]) => Promise<T>,
): Promise<T> {
  return inFolder({}, async (cwd) => {
    git(cwd, 'init', '-q', '-b', 'main')
    const commits = history.map(([days, changed]) =>
      commitAt(cwd, new Date(Date.parse(NOW) - days * 86_400_000).toISOString(), links(changed)),
    )
    replace(cwd, head)
    return use(cwd, commits)
  })
}

function replace(cwd: string, head: Changes): void {
  rmSync(join(cwd, 'config'), {recursive: true})
  writeConfig(cwd, head)
}

const shown = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value))

async function check(cwd: string, ...flags: readonly string[]) {
  const ran = await runCommand(['diff-check', '--json', '--base', 'main', '--now', NOW, ...flags], {cwd})
  const document = documentOf(ran)
  const locks = listOf(document, 'locks')
    .filter(({scope, kind}) => scope === 'release' && kind === 'links')
    .map(({changed, total, days = 'now'}) => [shown(changed), '/', shown(total), ' ', shown(days)].join(''))
  return {code: ran.code, locks, rules: listOf(document, 'findings').map(({rule}) => rule)}
}

const SIX = [
  [60, 0],
  [20, 1],
  [12, 2],
  [6, 3],
  [3, 4],
  [1, 5],
] as const

describe('diff-check against a branch', () => {
  it('takes what the branch was 7 and 30 days ago from its own history', async () => {
    await inHistory(SIX, links(6), async (cwd) => {
      expect(await check(cwd)).toMatchObject({
        code: 1,
        locks: ['4/10 7', '6/10 30'],
      })
    })
  })
  it('says so in words too, locks first', async () => {
    await inHistory(SIX, links(6), async (cwd) => {
      const {out} = await runCommand(['diff-check', '--base', 'main', '--now', NOW], {cwd})
      expect(out.startsWith('✖ 7 天内累计，整个发布的链接变化 4/10 = 40%，超过上限 20%，已锁定\n')).toBe(true)
      expect(out).toContain('30 天内累计，模板 hello 的关键信息变化 6/10 = 60%')
    })
  })
  it('reads the days from the base’s policy', async () => {
    await inFolder({}, async (cwd) => {
      git(cwd, 'init', '-q', '-b', 'main')
      const policy = {'policy.yaml': {guard: {rolling: {days: [14]}}}}
      for (const [days, changed] of SIX)
        commitAt(cwd, new Date(Date.parse(NOW) - days * 86_400_000).toISOString(), {...links(changed), ...policy})
      replace(cwd, links(6))
      expect((await check(cwd)).locks).toEqual(['5/10 14'])
    })
  })
  it('begins with the first commit where all are younger', async () => {
    await inHistory(SIX.slice(3), links(6), async (cwd) => {
      expect(await check(cwd)).toMatchObject({
        locks: ['3/10 7', '3/10 30'],
        rules: expect.not.arrayContaining(['rolling-window-unknown']),
      })
    })
  })
  it('follows first parents: a long-lived branch that was merged today does not date it back', async () => {
    await inHistory([[60, 0]], links(1), async (cwd) => {
      git(cwd, 'checkout', '-q', '-b', 'side', '--force')
      commitAt(cwd, '2026-10-01T00:00:00Z', links(3))
      git(cwd, 'checkout', '-q', 'main')
      git(cwd, 'merge', '-q', '--no-ff', '-m', 'merge', 'side')
      replace(cwd, links(4))
      expect((await check(cwd)).locks).toEqual(['4/10 7', '4/10 30'])
    })
  })
  it('says that it cannot see the whole window where the clone is shallow', async () => {
    await inHistory(SIX, links(6), async (origin) => {
      await inFolder({}, async (folder) => {
        git(folder, 'clone', '-q', '--depth', '2', `file://${origin}`, 'clone')
        const cwd = join(folder, 'clone')
        replace(cwd, links(6))
        const {locks, rules} = await check(cwd)
        expect([locks, rules]).toEqual([[], ['rolling-window-unknown']])
      })
    })
  })
  it('measures what it can see of the longer window where a shallow clone reaches the shorter one', async () => {
    await inHistory(SIX, links(6), async (origin) => {
      await inFolder({}, async (folder) => {
        git(folder, 'clone', '-q', '--depth', '4', `file://${origin}`, 'clone')
        const cwd = join(folder, 'clone')
        replace(cwd, links(6))
        const {locks, rules} = await check(cwd)
        expect([locks, rules.filter((rule) => rule === 'rolling-window-unknown')]).toEqual([
          ['4/10 7', '4/10 30'],
          ['rolling-window-unknown'],
        ])
      })
    })
  })
})

describe('--unlocked', () => {
  it('moves the windows forward to a change whose locks were opened', async () => {
    await inHistory(SIX, links(6), async (cwd, commits) => {
      expect((await check(cwd, '--unlocked', commits[3] ?? '')).locks).toEqual(['3/10 7', '3/10 30'])
      expect((await check(cwd, '--unlocked', commits[3] ?? '', '--unlocked', commits[4] ?? '')).locks).toEqual([])
      expect((await check(cwd, '--unlocked', commits[0] ?? '')).locks).toEqual(['4/10 7', '6/10 30'])
    })
  })
  it('counts only commits that the base rests on, and one nobody knows is exit 2', async () => {
    await inHistory(SIX, links(6), async (cwd) => {
      git(cwd, 'checkout', '-q', '--force', '-b', 'elsewhere')
      const other = commitAt(cwd, '2026-11-23T00:00:00Z', links(6))
      git(cwd, 'checkout', '-q', 'main')
      replace(cwd, links(6))
      expect((await check(cwd, '--unlocked', other)).locks).toEqual(['4/10 7', '6/10 30'])
      const ran = await runCommand(['diff-check', '--base', 'main', '--unlocked', 'nope', '--lang', 'en'], {cwd})
      expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('no commit --unlocked nope')])
    })
  })
})

describe('--since', () => {
  const folders = async (use: (cwd: string) => Promise<void>) =>
    inFolder({}, async (cwd) => {
      writeConfig(cwd, links(0), 'older')
      writeConfig(cwd, links(2), 'base')
      writeConfig(cwd, links(3))
      await use(cwd)
    })
  const locksOf = async (cwd: string, ...flags: string[]) =>
    listOf(documentOf(await runCommand(['diff-check', '--base', 'base', '--json', ...flags], {cwd})), 'locks').map(
      ({scope = '', changed = 0, days = 0}) => [scope, changed, days].map(shown).join(' '),
    )
  it('names what a folder cannot know by itself', async () => {
    await folders(async (cwd) => {
      expect(await locksOf(cwd)).toEqual([])
      expect(await locksOf(cwd, '--since', '7=older')).toEqual([
        'release 3 7',
        'template:hello 3 7',
        'template:hello 3 7',
      ])
    })
  })
  it('that nobody can read is exit 2', async () => {
    await folders(async (cwd) => {
      for (const since of ['older', '0=older', 'x=older', '7='])
        expect((await runCommand(['diff-check', '--base', 'base', '--since', since], {cwd})).code).toBe(2)
    })
  })
})

describe('--store', () => {
  /** A store in which these were promoted, oldest first. */
  async function withStore(cwd: string, promoted: readonly Partial<PromotedRelease>[], more: object = {}) {
    const clock = {nowMs: () => Date.parse(NOW), sleep: async () => undefined}
    const store = createFileStore(join(cwd, 'store'), {clock, randomness: {fraction: () => 0, hex: () => 'ab'}})
    const state = await store.readState()
    const whole = promoted.map((one, at) => ({
      number: at + 1,
      digest: String(at),
      atMs: 0,
      planDigest: 'p',
      commit: null,
      approvers: [],
      ...one,
    }))
    await store.writeState({...state, promoted: whole, ...more}, state.serial)
    await store.close()
  }
  const digest = (changes: Changes): string => digestOf(assembleRelease(configOf(changes)))
  it('going back to a release that was fully promoted is not measured, unless it was taken back', async () => {
    await inHistory([[60, 0]], links(8), async (cwd) => {
      expect((await check(cwd, '--store', 'file:none')).locks).toEqual(['8/10 now'])
      await withStore(cwd, [{digest: digest(links(8))}])
      expect(await check(cwd, '--store', 'file:store')).toEqual({code: 0, locks: [], rules: []})
    })
    await inHistory([[60, 0]], links(8), async (cwd) => {
      await withStore(cwd, [{digest: digest(links(8))}], {stable: digest(links(8))})
      expect(await check(cwd, '--store', 'file:store')).toEqual({code: 0, locks: [], rules: []})
    })
    await inHistory([[60, 0]], links(8), async (cwd) => {
      await withStore(cwd, [{digest: digest(links(8))}], {quarantined: [digest(links(8))]})
      expect((await check(cwd, '--store', 'file:store')).locks).toEqual(['8/10 now'])
    })
  })
  it('knows the changes whose locks were opened; a commit that this clone lacks is passed over', async () => {
    await inHistory(SIX, links(6), async (cwd, commits) => {
      await withStore(cwd, [
        {commit: commits[4] ?? '', unlocks: ['release']},
        {commit: 'f'.repeat(40), unlocks: ['release']},
      ])
      expect((await check(cwd, '--store', 'file:store')).locks).toEqual([])
    })
    await inHistory(SIX, links(6), async (cwd, commits) => {
      await withStore(cwd, [{commit: commits[4] ?? ''}])
      expect((await check(cwd, '--store', 'file:store')).locks).toEqual(['4/10 7', '6/10 30'])
    })
  })
})

describe('--format github', () => {
  it('annotates each lock and finding at its line', async () => {
    await inHistory([[60, 0]], links(3), async (cwd) => {
      const said: string[] = []
      const write = process.stdout.write.bind(process.stdout)
      process.stdout.write = (text: string) => {
        said.push(text)
        return true
      }
      const ran = await runCommand(['diff-check', '--base', 'main', '--now', NOW, '--format', 'github'], {cwd}).finally(
        () => void (process.stdout.write = write),
      )
      expect(ran.code).toBe(1)
      expect(said.join('')).toMatch(/^::error title=guard-links,file=config\/templates\/hello.yaml,line=\d+/m)
    })
  })
  it('and nothing else than text, json and github', async () => {
    await inHistory([[60, 0]], links(0), async (cwd) => {
      expect((await runCommand(['diff-check', '--base', 'main', '--format', 'xml'], {cwd})).code).toBe(2)
    })
  })
})
