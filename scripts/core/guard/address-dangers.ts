import type {DangerKind} from '../model/lock.js'
import type {Words} from '../model/words.js'
import {findRedirect} from './open-redirect.js'
import type {Registry} from './registry.js'
import {hostAsWritten, isIpLiteral, isOddlyWritten} from './written-hosts.js'

/** What is wrong with one address, in words that name the host. */
export interface Danger {
  readonly kind: DangerKind
  readonly what: Words
}

/** Everything that is dangerous about an address, judged by what was registered before the change. */
export function addressDangers(written: string, registry: Registry): Danger[] {
  const raw = hostAsWritten(written)
  const url = URL.canParse(written) ? new URL(written) : null
  const isWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:')
  const host = isWeb ? url.hostname : raw
  const shown = host === raw.toLowerCase() || raw === '' ? host : `${raw} (${host})`
  const imitated = registry.findImitated(host) ?? (isOddlyWritten(raw) ? imitatedBy(raw, registry) : null)
  const elsewhere = isWeb ? findRedirect(url, registry.hasHost) : null
  const found: (Danger | false)[] = [
    (!isWeb || !registry.hasHost(host)) &&
      danger('host-not-in-registry', `域名 ${shown || written} 没有登记`, `host ${shown || written} is not registered`),
    (isOddlyWritten(raw) || /(?:^|\.)xn--/.test(host)) &&
      danger(
        'idn-homoglyph',
        `域名 ${shown} 用了普通字母以外的写法，看起来像别的域名`,
        `host ${shown} is written with other than plain letters and can pass for another`,
      ),
    imitated !== null &&
      danger(
        'lookalike',
        `域名 ${shown} 和登记过的 ${imitated} 很像，但不是`,
        `host ${shown} looks like the registered ${imitated} and is not`,
      ),
    isIpLiteral(host) && danger('ip-literal', `地址用的是 IP：${shown}`, `the address names an IP: ${shown}`),
    ((isWeb && url.username + url.password !== '') || hasUserInfo(written)) &&
      danger(
        'user-info',
        `地址里 @ 前面有别的内容，真正打开的是 ${host}`,
        `something stands before @ in the address; it really opens ${host}`,
      ),
    registry.isShortener(host) &&
      danger('shortener', `${host} 是短链，看不出真正打开哪里`, `${host} is a shortener; nobody sees where it leads`),
    elsewhere !== null &&
      danger(
        'open-redirect-param',
        `地址里的参数会跳转到 ${elsewhere}`,
        `a value in the address leads on to ${elsewhere}`,
      ),
  ]
  return found.filter((one) => one !== false)
}

const danger = (kind: DangerKind, zh: string, en: string): Danger => ({kind, what: {zh, en}})

/** A host in other scripts is compared as it is written too: its encoded form looks like nothing. */
const imitatedBy = (raw: string, {findImitated}: Registry): string | null => findImitated(raw.toLowerCase())

const hasUserInfo = (address: string): boolean => /^\s*[a-z][a-z0-9+.-]*:[/\\]*[^/\\?#]*@/i.test(address)
