import {parse as parseDomain} from 'tldts'
import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {hasEnded} from '../model/registration.js'
import {urlsIn} from '../model/urls-in-text.js'
import {type Checked, listed, remark, type Rule} from './rule.js'

/** Hosts written so plainly that the URL parser would give the same; anything else is asked of the parser. */
const PLAIN_HTTPS = /^https:\/\/((?:[a-z0-9-]+\.)+[a-z]+)(?=[/?#]|$)/

function isPlainlyRegistered(written: string, {broken, config, links, nowMs}: Checked): boolean {
  const host = PLAIN_HTTPS.exec(written)?.[1]
  if (host === undefined || host.includes('xn--')) return false
  const entry = links.get(host)
  return broken.has('links/links') || (entry !== undefined && !hasEnded(entry, config, nowMs))
}

/** A link as people see it: absolute, https, on a registered host. */
export function checkUrl(
  resource: Pick<Resource<unknown>, 'file'>,
  pointer: string,
  written: string,
  checked: Checked,
): Remark[] {
  if (isPlainlyRegistered(written, checked)) return []
  const refuse = (rule: string, zh: string, en: string, fixZh: string, fixEn: string): Remark[] => [
    remark(resource, pointer, rule, 'error', {zh, en}, {zh: fixZh, en: fixEn}),
  ]
  const url = URL.canParse(written) ? new URL(written) : null
  if (!url || url.protocol !== 'https:')
    return refuse(
      'link-is-https',
      `「${written}」不是完整的 https 地址`,
      `"${written}" is not an absolute https address`,
      '写全，例如 https://m.hehejj.example/guide',
      'write it in full, such as https://m.hehejj.example/guide',
    )
  if (url.username !== '' || url.password !== '')
    return refuse(
      'link-has-no-user-info',
      '地址里带有用户名或密码（@ 前的部分），容易冒充别的网站',
      'the address carries user information before @, which can pass for another site',
      '去掉 @ 和它前面的部分',
      'remove @ and what stands before it',
    )
  const host = url.hostname
  const hosts = checked.config.links.value.hosts ?? []
  if (checked.broken.has('links/links')) return []
  const entry = checked.links.get(host)
  if (!entry) {
    const domain = parseDomain(host, {allowPrivateDomains: true}).domain
    const siblings = hosts
      .map((known) => known.host)
      .filter((known) => domain !== null && parseDomain(known, {allowPrivateDomains: true}).domain === domain)
    return refuse(
      'host-is-registered',
      `域名 ${host} 没有登记`,
      `host ${host} is not registered`,
      siblings.length > 0
        ? `子域名要分别登记；同一域名下已登记：${listed(siblings)}`
        : `先由负责部门在 links.yaml 登记；现有：${listed(hosts.map((known) => known.host))}`,
      siblings.length > 0
        ? `subdomains are registered one by one; registered on this domain: ${listed(siblings)}`
        : `have its owner register it in links.yaml first; known: ${listed(hosts.map((known) => known.host))}`,
    )
  }
  if (hasEnded(entry, checked.config, checked.nowMs))
    return refuse(
      'host-is-registered',
      `域名 ${host} 的登记已于 ${entry.until} 到期`,
      `the registration of host ${host} ended on ${entry.until}`,
      '在 links.yaml 里续期',
      'renew it in links.yaml',
    )
  return []
}

/** Addresses written into a text are held to the same registry as link cards. */
export const linksInTextsAreRegistered: Rule = (checked) => {
  const remarks: Remark[] = []
  for (const resources of [checked.config.templates, checked.config.groupWelcomes])
    for (const resource of resources.values()) {
      const {text} = resource.value
      for (const url of urlsIn(text)) remarks.push(...checkUrl(resource, '/text', url, checked))
    }
  return remarks
}

/** Links that facts bring into texts. */
export const linksInFactsAreRegistered: Rule = (checked) =>
  Object.entries(checked.config.facts.value).flatMap(([path, facts]) => {
    if (typeof facts !== 'object') return []
    return Object.entries(facts).flatMap(([name, value]) => {
      const pointer = `/${path.replaceAll('/', '~1')}/${name.replaceAll('/', '~1')}`
      return urlsIn(String(value)).flatMap((url) => checkUrl(checked.config.facts, pointer, url, checked))
    })
  })
