import {encrypt, getSignature} from '@wecom/crypto'

export const CORP_ID = 'ww0000000000000001'
export const AGENT_ID = 1000002
export const TOKEN = 'benchToken01'
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'

export interface Delivery {
  /** Path and query. */
  readonly path: string
  readonly body: string
}

const cdata = (name: string, value: string): string => `<${name}><![CDATA[${value}]]></${name}>`

/** One add of its own, encrypted as WeCom does it: some 960 bytes. */
export function makeDelivery(number: number, nowMs: number, prefix = 'B'): Delivery {
  const seconds = String(Math.floor(nowMs / 1000))
  const event = [
    '<xml>',
    cdata('ToUserName', CORP_ID),
    cdata('FromUserName', 'sys'),
    `<CreateTime>${seconds}</CreateTime>`,
    cdata('MsgType', 'event'),
    cdata('Event', 'change_external_contact'),
    cdata('ChangeType', 'add_external_contact'),
    cdata('UserID', 'zhang.san'),
    cdata('ExternalUserID', `wm${prefix}${String(number).padStart(30, '0')}`),
    cdata('State', 'bench'),
    cdata('WelcomeCode', `${prefix}${String(number).padStart(42, '0')}`),
    '</xml>',
  ].join('')
  const encrypted = encrypt(AES_KEY, event, CORP_ID)
  const nonce = `n${number}`
  const signature = getSignature(TOKEN, seconds, nonce, encrypted)
  return {
    path: `/callback?msg_signature=${signature}&timestamp=${seconds}&nonce=${nonce}`,
    body: `<xml>${cdata('ToUserName', CORP_ID)}${cdata('AgentID', String(AGENT_ID))}${cdata('Encrypt', encrypted)}</xml>`,
  }
}

export const makeDeliveries = (count: number, nowMs: number): Delivery[] =>
  Array.from({length: count}, (_, number) => makeDelivery(number, nowMs))
