import {readFileSync} from 'node:fs'
import {Script} from 'node:vm'
import {describe, expect, it} from '@jest/globals'

interface Instruction {
  readonly word: string
  readonly rest: string
}

/** Instructions in order: comments gone, continued lines joined. */
function parseContainerfile(text: string): readonly Instruction[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => {
      const [, word = '', rest = ''] = /^([A-Za-z]+)\s+(.*)$/.exec(line) ?? []
      if (word === '') throw new Error(`no instruction: ${line}`)
      return {word: word.toUpperCase(), rest}
    })
}

const isExecForm = (text: string): boolean => {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')
  } catch {
    return false
  }
}

const SECRETS = /SECRET|TOKEN|AES_KEY|PASSWORD|CUSTOMER_KEY|WEBHOOK|PRIVATE|CREDENTIAL/i

/** What is wrong with a container file. */
function findFaults(text: string): readonly string[] {
  const all = parseContainerfile(text)
  const lastStage = all.slice(all.findLastIndex(({word}) => word === 'FROM'))
  const of = (word: string) => lastStage.filter((instruction) => instruction.word === word)
  const user = of('USER').at(-1)?.rest ?? ''
  const indexOf = (word: string) => lastStage.findIndex((instruction) => instruction.word === word)
  const health =
    of('HEALTHCHECK')
      .at(-1)
      ?.rest.replace(/^(--\S+\s+)*/, '') ?? ''
  const starts = [...of('CMD'), ...of('ENTRYPOINT')]
  return [
    ...(user === '' || /^(root|0)(:|$)/.test(user) ? ['runs as root'] : []),
    ...(starts.length === 0 ? ['starts nothing'] : []),
    ...(starts.length > 0 && indexOf('USER') > Math.min(...starts.map((start) => lastStage.indexOf(start)))
      ? ['USER comes after the start']
      : []),
    ...starts.filter(({rest}) => !isExecForm(rest)).map(({word}) => `${word} is not in exec form`),
    ...(health.startsWith('CMD ') && isExecForm(health.slice(4)) ? [] : ['no HEALTHCHECK in exec form']),
    ...(of('STOPSIGNAL').at(-1)?.rest === 'SIGTERM' ? [] : ['no STOPSIGNAL SIGTERM']),
    ...all.filter(({word}) => word === 'ADD').map(() => 'ADD'),
    ...all.filter(({word, rest}) => word === 'COPY' && /^(\.|\*)\s/.test(rest)).map(() => 'copies everything'),
    ...all
      .filter(({word, rest}) => word === 'FROM' && !/^\S+:\d[\w.-]*( AS \w+)?$/.test(rest))
      .map(({rest}) => `FROM without a version: ${rest}`),
    ...all
      .filter(({word, rest}) => (word === 'ARG' || word === 'ENV') && SECRETS.test(rest))
      .map(({word}) => `${word} of a secret`),
  ]
}

const TEXT = readFileSync(new URL('../../scripts/operate/Containerfile', import.meta.url), 'utf8')

describe('the container file', () => {
  const all = parseContainerfile(TEXT)
  const lastStage = all.slice(all.findLastIndex(({word}) => word === 'FROM'))

  it('keeps to the rules', () => {
    expect(findFaults(TEXT)).toEqual([])
  })
  it.each([
    ['root', TEXT.replace('USER node', 'USER root'), 'runs as root'],
    ['no user at all', TEXT.replace('USER node\n', ''), 'runs as root'],
    ['a user after the start', `${TEXT.replace('USER node\n', '')}USER node\n`, 'USER comes after the start'],
    ['a shell that would swallow SIGTERM', TEXT.replace('CMD ["respond"]', 'CMD respond'), 'CMD is not in exec form'],
    ['a download', `${TEXT}ADD https://example.com/x /x\n`, 'ADD'],
    ['a secret that stays in the image', `${TEXT}ENV WECOM_SECRET=x\n`, 'ENV of a secret'],
    ['a secret of the build', `${TEXT}ARG NPM_TOKEN\n`, 'ARG of a secret'],
    ['everything of the folder, .git too', TEXT.replace('COPY scripts scripts', 'COPY . .'), 'copies everything'],
    ['another stop signal', TEXT.replace('STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGINT'), 'no STOPSIGNAL SIGTERM'],
    ['no health check', TEXT.replace(/HEALTHCHECK[^\n]*\n[^\n]*\n/, ''), 'no HEALTHCHECK in exec form'],
    ['a base without a version', TEXT.replaceAll(/node:\S+/g, 'node'), 'FROM without a version'],
  ])('would not pass with %s', (_what, text, fault) => {
    expect(findFaults(text).join('\n')).toContain(fault)
  })
  it('runs on the Node the program asks for', () => {
    const {engines} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      engines: {node: string}
    }
    const [, major, minor] = /(\d+)\.(\d+)/.exec(engines.node) ?? []
    for (const {rest} of all.filter(({word}) => word === 'FROM'))
      expect(rest).toMatch(new RegExp(`node:${major}\\.${minor}-[a-z]+-slim`))
  })
  it('takes what the lock file names, and into the last stage nothing for development', () => {
    const runs = all.filter(({word}) => word === 'RUN').map(({rest}) => rest)
    expect(runs.filter((rest) => rest.includes('npm')).every((rest) => rest.includes('"ci"'))).toBe(true)
    const [, from] = /--from=(\w+) \S+node_modules/.exec(TEXT) ?? []
    const stage = all.findIndex(({word, rest}) => word === 'FROM' && rest.endsWith(`AS ${from}`))
    expect(all.slice(stage).find(({word, rest}) => word === 'RUN' && rest.includes('npm'))?.rest).toContain(
      '--omit=dev',
    )
  })
  it('asks /readyz with Node itself, since the slim image has no curl', () => {
    const health = lastStage.find(({word}) => word === 'HEALTHCHECK')?.rest ?? ''
    const [program, flag, script = ''] = JSON.parse(health.slice(health.indexOf('['))) as string[]
    expect([program, flag]).toEqual(['node', '-e'])
    expect(script).toContain('/readyz')
    expect(() => new Script(script)).not.toThrow()
  })
  it('copies only what is there', () => {
    for (const {rest} of all.filter(({word, rest}) => word === 'COPY' && !rest.startsWith('--from')))
      for (const source of rest.split(/\s+/).slice(0, -1))
        expect(() => readFileSync(new URL(`../../${source}`, import.meta.url))).not.toThrow(/ENOENT/)
  })
})
