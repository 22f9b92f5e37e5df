import {CouldNotRun, type Door} from './door.js'
import {secretOf} from './open-wecom.js'

/**
 * The key of YINGBIN_ROBOT_WEBHOOK: the webhook's address as WeCom shows it, or its key alone; `null` when there is none.
 * Whoever has it may write to the group, so it is never shown.
 */
export function robotKeyOf(door: Door): string | null {
  const written = secretOf(door, 'YINGBIN_ROBOT_WEBHOOK')
  if (!written) return null
  const key = URL.canParse(written) ? new URL(written).searchParams.get('key') : written
  if (key && /^[\w-]+$/.test(key)) return key
  throw new CouldNotRun(
    {zh: 'YINGBIN_ROBOT_WEBHOOK 的写法不对', en: 'YINGBIN_ROBOT_WEBHOOK is not written right'},
    {zh: '粘贴群机器人的完整 Webhook 地址', en: "paste the group robot's whole webhook address"},
  )
}
