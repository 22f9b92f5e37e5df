import type {DangerKind, Lock} from '../model/lock.js'
import type {Words} from '../model/words.js'
import {scopeWords} from './measure-locks.js'

/** Locks however little changed: `changed` and `total` both say at how many places. */
export function dangerLock(scope: string, kind: DangerKind, places: Lock['places'], what: Words): Lock {
  const where = scopeWords(scope)
  const count = places.length
  return {
    scope,
    kind,
    changed: count,
    total: count,
    limit: 0,
    places,
    says: {
      zh: `${where.zh.trim()}：${what.zh}（${count}/${count} 处，不论多少都锁定）`,
      en: `${where.en}: ${what.en} (${count}/${count}, locks whatever the ratio)`,
    },
    fix: FIXES[kind],
  }
}

const OR_UNLOCK: Words = {
  zh: '；确有必要时由两个其他部门的安全员解锁',
  en: '; where it must be, have it unlocked by holders of two other departments',
}
const fix = (zh: string, en: string): Words => ({zh: zh + OR_UNLOCK.zh, en: en + OR_UNLOCK.en})

const FIXES: Readonly<Record<DangerKind, Words>> = {
  'host-not-in-registry': fix(
    '先用单独的改动在 links.yaml 登记，合并以后再用',
    'register it in links.yaml by a change of its own, and use it once that is merged',
  ),
  'idn-homoglyph': fix('域名只用普通的英文字母、数字和连字符', 'write the host in plain letters, digits and hyphens'),
  lookalike: fix('逐字核对域名，改成登记过的那个', 'compare it letter by letter and use the registered one'),
  'ip-literal': fix('改用登记过的域名，不写 IP 地址', 'use a registered host instead of an IP address'),
  'user-info': fix('去掉地址里 @ 和它前面的部分', 'remove @ and what stands before it'),
  shortener: fix('写完整地址，不用短链', 'write the address in full, without a shortener'),
  'open-redirect-param': fix(
    '去掉指向别的网站的跳转参数，或直接链接到登记过的域名',
    'remove the parameter that leads elsewhere, or link to a registered host directly',
  ),
  'text-url-mismatch': fix('让显示的域名和真正打开的域名一致', 'let the text name the host that the link really opens'),
  'registry-change-needs-own-pr': fix(
    '分成两次：先单独登记域名或小程序，合并以后再使用',
    'make two changes: register the host or mini-program first, use it once that is merged',
  ),
  'payment-account': fix(
    '删掉账号和私下转账的说法，收款只走公司账户',
    'remove account numbers and calls to pay in private; customers pay the company',
  ),
  'last-admin': fix('先把这项权限授给另一位在职的人', 'grant it to somebody else who is active first'),
  'bot-loses-rights': fix('保留机器人的授权，或先停用那个流程', "keep the bot's grant, or retire what it runs first"),
  'printed-code-deleted': fix(
    '保留这个渠道到印刷品停用；改名时写 was: 原来的 id',
    'keep the channel until its print is out of use; when renaming, write was: with its old id',
  ),
}
