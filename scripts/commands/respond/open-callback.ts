import {parseInstant} from '../../core/model/instant.js'
import type {Clock} from '../../core/ports.js'
import {type CallbackCredentials, type CallbackReader, createCallbackReader} from '../../wecom/callback.js'
import {CouldNotRun, type Door} from '../door.js'
import {requireSecret, secretOf} from '../open-wecom.js'

/** Whoever rotates and forgets to take the old pair away keeps it for a day and no longer. */
const OLD_PAIR_LASTS_MS = 24 * 3_600_000

/**
 * The app's current pair first. While they rotate the old token or key (or both) are taken too, until WECOM_OLD_UNTIL or for
 * a day from the start; and the pair of contact sync, when it has the same address (WeCom 90970).
 */
export function openCallback(door: Door, receiver: string, clock: Clock): CallbackReader {
  const current = {token: requireSecret(door, 'WECOM_TOKEN'), encodingAesKey: requireSecret(door, 'WECOM_AES_KEY')}
  const [oldToken, oldKey] = [secretOf(door, 'WECOM_TOKEN_OLD'), secretOf(door, 'WECOM_AES_KEY_OLD')]
  const old: CallbackCredentials[] =
    (oldToken ?? oldKey)
      ? [
          {
            token: oldToken ?? current.token,
            encodingAesKey: oldKey ?? current.encodingAesKey,
            untilMs: oldUntil(door, clock.nowMs()),
          },
        ]
      : []
  const [token, encodingAesKey] = [secretOf(door, 'WECOM_CONTACT_TOKEN'), secretOf(door, 'WECOM_CONTACT_AES_KEY')]
  const contact = token && encodingAesKey ? [{token, encodingAesKey}] : []
  try {
    return createCallbackReader({receiver, credentials: [current, ...old, ...contact], clock})
  } catch (error) {
    throw new CouldNotRun(
      {zh: 'EncodingAESKey 不是 43 位字母和数字', en: 'an EncodingAESKey is not 43 letters and digits'},
      {zh: '从后台“接收消息”设置里复制', en: "copy it from the app's receive settings"},
      {cause: error},
    )
  }
}

function oldUntil({env}: Door, nowMs: number): number {
  const written = env['WECOM_OLD_UNTIL']
  if (!written) return nowMs + OLD_PAIR_LASTS_MS
  try {
    return parseInstant(written)
  } catch (error) {
    throw new CouldNotRun(
      {zh: `WECOM_OLD_UNTIL 不是时刻：${written}`, en: `WECOM_OLD_UNTIL is no instant: ${written}`},
      {zh: '写作 2026-12-01T00:00:00+08:00', en: 'write it as 2026-12-01T00:00:00+08:00'},
      {cause: error},
    )
  }
}
