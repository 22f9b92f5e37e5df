import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {dirname, join, posix} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from '@jest/globals'
import {renderTypes} from '../../scripts/make-types.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Import {
  /** Below `scripts/`, with forward slashes. */
  readonly from: string
  /** A file below `scripts/`, `schemas/…`, or a package's name. */
  readonly to: string
  readonly isTypeOnly: boolean
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), {recursive: true, encoding: 'utf8'})
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

/** `import`, `export … from` and `import(…)`; a statement whose every name is a type is gone at run time. */
const IMPORT =
  /^\s*(?:import|export)\s+(type\s+)?(?:([^'"`;]*?)\s*from\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, 'scripts', file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
  return [...text.matchAll(IMPORT)].map(([, type, names = '', target, dynamic]) => {
    const to = target ?? dynamic ?? ''
    const inBraces =
      /^\{([^}]*)\}$/
        .exec(names.trim())?.[1]
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean) ?? []
    const isTypeOnly = type !== undefined || (inBraces.length > 0 && inBraces.every((name) => name.startsWith('type ')))
    return {from: file, to: to.startsWith('.') ? posix.join(dirname(file), to).replace(/\.js$/, '.ts') : to, isTypeOnly}
  })
}

const FILES = sourcesBelow('scripts')
const IMPORTS = FILES.flatMap(importsOf)
const inCore = ({from}: Import): boolean => from.startsWith('core/')
const atRunTime = ({isTypeOnly}: Import): boolean => !isTypeOnly
const show = ({from, to}: Import): string => `${from} → ${to}`

/** Readable by every stage. */
const SHARED = ['model', 'greet', 'release', 'render', 'ports.ts']
/** The stages of the pipeline; they meet in what is shared and never in each other. */
const STAGES = [
  'load',
  'validate',
  'guard',
  'gate',
  'plan',
  'canary',
  'apply',
  'observe',
  'respond',
  'roster',
  'calendar',
  'directory',
  'request',
  'import',
]

const partOf = (path: string): string => path.split('/')[1] ?? ''

describe('the import scanner', () => {
  it('finds the imports of this program at all', () => {
    expect(FILES.length).toBeGreaterThan(50)
    expect(IMPORTS.length).toBeGreaterThan(200)
    expect(IMPORTS).toContainEqual({from: 'cli.ts', to: 'commands/validate.ts', isTypeOnly: false})
    expect(IMPORTS).toContainEqual({from: 'core/model/finding.ts', to: 'core/model/words.ts', isTypeOnly: true})
  })
  it('every relative import leads to a file', () => {
    const lost = IMPORTS.filter(
      ({to}) => to.endsWith('.ts') && to.includes('/') && !FILES.includes(to) && !to.startsWith('..'),
    )
    expect(lost.map(show)).toEqual([])
  })
})

describe('core', () => {
  const ALLOWED_PACKAGES = [
    'ajv',
    'ajv-formats',
    'canonicalize',
    'diff',
    'fastest-levenshtein',
    'jose',
    'js-yaml',
    'picomatch',
    'temporal-polyfill',
    'tldts',
    'unhomoglyph',
    'yaml',
    'cli-table3',
    'string-width',
    // Hashes, signatures and comparing values are arithmetic, not the outside.
    'node:crypto',
    'node:util',
  ]
  it('imports nothing but core, schemas and packages that only compute', () => {
    const packageOf = (to: string): string =>
      (to.startsWith('@') ? to.split('/').slice(0, 2) : [to.split('/')[0] ?? '']).join('/')
    const strange = IMPORTS.filter(inCore).filter(({to}) => {
      if (to.startsWith('core/') || to.startsWith('../schemas/')) return false
      return to.startsWith('..') || /^[a-z]+\/.*\.ts$/.test(to) || !ALLOWED_PACKAGES.includes(packageOf(to))
    })
    expect(strange.map(show)).toEqual([])
  })
  it('of node:crypto takes no chance', () => {
    for (const file of FILES.filter((path) => path.startsWith('core/')))
      expect([
        file,
        /\b(randomBytes|randomUUID|randomInt|generateKeyPair)/.test(readFileSync(join(ROOT, 'scripts', file), 'utf8')),
      ]).toEqual([file, false])
  })
  it.each([
    [
      'the clock',
      /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bTemporal\.Now\b|\bsetTimeout\b|\bsetInterval\b/,
    ],
    ['chance', /\bMath\.random\b|\bcrypto\.getRandomValues\b/],
    ['the process', /(?<![\w-])process\.|\bglobalThis\b|\b__dirname\b|\bimport\.meta\b/],
    ['the network', /\bfetch\(/],
    ['the console', /\bconsole\./],
  ])('asks nothing of %s', (_what, pattern) => {
    const guilty = FILES.filter((path) => path.startsWith('core/')).flatMap((file) =>
      readFileSync(join(ROOT, 'scripts', file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .split('\n')
        .filter((line) => pattern.test(line.replace(/\/\/.*$/, '')))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(guilty).toEqual([])
  })
  it.each(STAGES)('%s takes nothing from another stage', (stage) => {
    const crossing = IMPORTS.filter(
      ({from, to}) =>
        from.startsWith(`core/${stage}/`) && to.startsWith('core/') && ![stage, ...SHARED].includes(partOf(to)),
    )
    expect(crossing.map(show)).toEqual([])
  })
  it.each(SHARED)('%s takes nothing from a stage', (part) => {
    const upward = IMPORTS.filter(
      ({from, to}) =>
        inCore({from, to, isTypeOnly: false}) &&
        partOf(from) === part &&
        STAGES.includes(partOf(to)) &&
        to.startsWith('core/'),
    )
    expect(upward.map(show)).toEqual([])
  })
  it('the model takes nothing from the rest of core', () => {
    expect(
      IMPORTS.filter(
        ({from, to}) => from.startsWith('core/model/') && to.startsWith('core/') && !to.startsWith('core/model/'),
      ).map(show),
    ).toEqual([])
  })
})

describe('outside core', () => {
  it('only commands build real clients', () => {
    const OUTSIDE = ['wecom', 'github', 'store', 'sheets', 'holidays', 'runtime', 'responder', 'sandbox']
    const building = IMPORTS.filter(atRunTime).filter(({from, to}) => {
      const [home] = from.split('/')
      const [target] = to.split('/')
      return home === 'pipeline' && OUTSIDE.includes(target ?? '') && to.endsWith('.ts')
    })
    expect(building.map(show)).toEqual([])
  })
  it('the sandbox takes nothing but types from wecom or core', () => {
    const taking = IMPORTS.filter(atRunTime).filter(
      ({from, to}) => from.startsWith('sandbox/') && /^(wecom|core|pipeline|responder|store)\//.test(to),
    )
    expect(taking.map(show)).toEqual([])
  })
  it('nothing but commands takes from the sandbox', () => {
    const taking = IMPORTS.filter(
      ({from, to}) => to.startsWith('sandbox/') && !from.startsWith('sandbox/') && !from.startsWith('commands/'),
    )
    expect(taking.map(show)).toEqual([])
  })
  it('nothing takes from commands but the door', () => {
    const taking = IMPORTS.filter(
      ({from, to}) => to.startsWith('commands/') && !from.startsWith('commands/') && from !== 'cli.ts',
    )
    expect(taking.map(show)).toEqual([])
  })
  it('outside things know nothing of each other', () => {
    const outside = ['wecom', 'github', 'store', 'sheets', 'holidays']
    const mixing = IMPORTS.filter(({from, to}) => {
      const [home = ''] = from.split('/')
      const [target = ''] = to.split('/')
      return outside.includes(home) && outside.includes(target) && home !== target && to.endsWith('.ts')
    })
    expect(mixing.map(show)).toEqual([])
  })
})

/** Files that belong to the repository: tracked, or new and not ignored. */
const repositoryFiles = (): string[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {cwd: ROOT, encoding: 'utf8'})
    .split('\0')
    .filter(Boolean)

describe('the layout', () => {
  it('has no drawer named utils, common, helpers or lib', () => {
    const drawers = ['scripts', 'test'].flatMap((top) =>
      readdirSync(join(ROOT, top), {recursive: true, encoding: 'utf8'}).filter((path) =>
        /(^|\/)(utils?|common|helpers?|lib|misc|shared)(\.ts)?$/.test(path.replaceAll('\\', '/')),
      ),
    )
    expect(drawers).toEqual([])
  })
  it('keeps the top of the repository as it is', () => {
    const allowed = [
      'config',
      'schemas',
      'scripts',
      'test',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'README.md',
      'LICENSE',
    ]
    const top = new Set(repositoryFiles().map((path) => path.split('/')[0] ?? ''))
    expect([...top].filter((name) => !name.startsWith('.') && !allowed.includes(name)).sort()).toEqual([])
  })
  it('names files in kebab-case', () => {
    const odd = ['scripts', 'test'].flatMap((top) =>
      readdirSync(join(ROOT, top), {recursive: true, encoding: 'utf8'})
        .filter((path) => statSync(join(ROOT, top, path)).isFile() && path.endsWith('.ts'))
        .filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(path.split(/[\\/]/).at(-1) ?? '')),
    )
    expect(odd).toEqual([])
  })
  it('carries no path of a machine and no host of a registry', () => {
    const marks = [/\/(root|home|Users)\/[a-z]/, /registry\.npm(js|mirror)/, /\/tmp\/[a-z]/]
    const bad = repositoryFiles()
      .filter(
        (path) =>
          /^(scripts|test|schemas|config|README\.md|\.github|\.config)/.test(path) &&
          /\.(ts|mjs|js|cjs|json|md|ya?ml)$/.test(path),
      )
      .filter((path) => join(ROOT, path) !== fileURLToPath(import.meta.url))
      .flatMap((path) => {
        const text = readFileSync(join(ROOT, path), 'utf8')
        return marks.some((mark) => mark.test(text)) ? [path] : []
      })
    expect(bad).toEqual([])
  })
})

describe('the types of written configuration', () => {
  it('are what the schemas give', async () => {
    const written = readFileSync(join(ROOT, 'scripts/core/model/written.ts'), 'utf8')
    expect(written).toBe(await renderTypes())
  })
  it('are of one kind for every schema', () => {
    const written = readFileSync(join(ROOT, 'scripts/core/model/written.ts'), 'utf8')
    const kinds = readdirSync(join(ROOT, 'schemas')).filter((name) => name !== 'common.schema.json')
    expect(kinds.length).toBe(13)
    for (const kind of kinds)
      expect(written).toContain(
        `  ${/-/.test(kind) ? `'${kind.replace('.schema.json', '')}'` : kind.replace('.schema.json', '')}?: Written`,
      )
  })
})
