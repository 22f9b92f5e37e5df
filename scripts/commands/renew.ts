import type {Language} from '../core/model/words.js'
import {renderInstant, zoneOf} from '../core/model/zone.js'
import {type RenewOutcome, renewManifest} from '../pipeline/renew.js'
import {AUDIT_HELP} from './audit-words.js'
import type {CommandSpec} from './door.js'
import {keyFromEnv} from './open-store.js'
import {languageFor} from './show-findings.js'
import {STORE_WORDS} from './store-option.js'
import {whoOption, withStore} from './store-run.js'

export const command: CommandSpec = {
  name: 'renew',
  summary: {
    zh: '给现在说的发布续签一周，内容不变；每天运行一次',
    en: 'signs what is said now for another week, unchanged; run it once a day',
  },
  example: 'yingbin renew',
  configure: (command, language = 'zh') =>
    command.option('--who <login>', AUDIT_HELP.who[language]).option('--store <address>', STORE_WORDS[language]),
  async run(door, options, language) {
    const privateKeyPem = await keyFromEnv(door, 'YINGBIN_RELEASE_KEY', 'private')
    return withStore(door, options, async (store, clock) => {
      const outcome = await renewManifest({store, clock}, {privateKeyPem, who: whoOption(door, options['who'])})
      door.out(options.json ? `${JSON.stringify(documentOf(outcome))}\n` : `${tell(outcome)[languageFor(language)]}\n`)
      return 0
    })
  },
}

const instant = (ms: number): string => renderInstant(ms, zoneOf('UTC'))

const documentOf = (outcome: RenewOutcome): object => ({
  ...{command: 'renew', verdict: 'ok', findings: [], renewed: outcome.kind === 'renewed'},
  ...(outcome.kind === 'nothing'
    ? {version: null, expiresAt: null}
    : {version: outcome.version, expiresAt: instant(outcome.expiresAtMs)}),
})

function tell(outcome: RenewOutcome): Readonly<Record<Language, string>> {
  if (outcome.kind === 'nothing')
    return {zh: '还没有发布过，不用续签。', en: 'Nothing was published yet: nothing to renew.'}
  const {version, expiresAtMs} = outcome
  return outcome.kind === 'renewed'
    ? {
        zh: `已续签：清单第 ${version} 版，有效到 ${instant(expiresAtMs)}，内容不变。`,
        en: `Renewed: manifest ${version}, good until ${instant(expiresAtMs)}, content unchanged.`,
      }
    : {
        zh: `不用续签：清单第 ${version} 版有效到 ${instant(expiresAtMs)}。`,
        en: `Nothing to renew: manifest ${version} is good until ${instant(expiresAtMs)}.`,
      }
}
