import type {MediaEntry} from '../model/plan.js'
import type {Words} from '../model/words.js'

const DAY_MS = 86_400_000

/** Pictures a corp may upload (WeCom 90256). Whether its day and month are calendar ones is unsaid: any stretch counts. */
const LIMITS: readonly {readonly windowMs: number; readonly most: number; readonly zh: string; readonly en: string}[] =
  [
    {windowMs: DAY_MS, most: 1000, zh: '一天', en: 'a day'},
    {windowMs: 30 * DAY_MS, most: 3000, zh: '一个月', en: 'a month'},
  ]

/**
 * Why no further picture may be uploaded now, or `null`. Counted from what the store remembers: a picture is uploaded once and
 * its address never expires.
 * @param underway pictures being uploaded, not yet in `media`
 */
export function findPictureRefusal(media: readonly MediaEntry[], underway: number, nowMs: number): Words | null {
  const pictures = media.filter(({use}) => use === 'picture')
  for (const {windowMs, most, zh, en} of LIMITS) {
    const count = pictures.filter(({uploadedAtMs}) => uploadedAtMs > nowMs - windowMs).length + underway
    if (count >= most)
      return {
        zh: `图片上传配额用完：${zh}内已上传 ${count} 张（最多 ${most}）；等配额恢复后再运行一次`,
        en: `the quota of picture uploads is used up: ${count} within ${en} (at most ${most}); run it again when there is room`,
      }
  }
  return null
}
