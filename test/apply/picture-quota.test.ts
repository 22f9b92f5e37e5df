import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../scripts/core/model/canonical.js'
import {findPictureRefusal} from '../../scripts/core/apply/picture-quota.js'
import type {MediaEntry} from '../../scripts/core/model/plan.js'
import {createMediaDesk} from '../../scripts/pipeline/apply-steps/media-desk.js'

const NOW = Date.parse('2026-11-24T10:00:00+08:00')
const DAY = 86_400_000

const uploaded = (count: number, agoMs: number, use: MediaEntry['use'] = 'picture'): MediaEntry[] =>
  Array.from({length: count}, (_, index) => ({
    sha256: sha256(`${agoMs} ${index}`),
    use,
    value: 'x',
    uploadedAtMs: NOW - agoMs,
  }))

describe('the quota of picture uploads', () => {
  it.each([
    ['the thousandth of a day is uploaded', uploaded(999, 0), 0, true],
    ['the one after it is not', uploaded(1000, 0), 0, false],
    ['those under way count', uploaded(998, 0), 2, false],
    ['what was uploaded exactly a day ago does not count for the day', uploaded(1000, DAY), 0, true],
    ['a millisecond less than a day ago does', uploaded(1000, DAY - 1), 0, false],
    ['the three-thousandth of a month is uploaded', uploaded(2999, 2 * DAY), 0, true],
    ['the one after it is not', uploaded(3000, 2 * DAY), 0, false],
    ['temporary media have no such quota', uploaded(5000, 0, 'image'), 0, true],
  ])('%s', (_promise, media, underway, isAllowed) => {
    expect(findPictureRefusal(media, underway, NOW) === null).toBe(isAllowed)
  })

  it('is kept by apply, which says what stands in the way and calls nothing', async () => {
    const bytes = new TextEncoder().encode('a picture')
    const calls: string[] = []
    const desk = createMediaDesk({
      writer: {
        uploadPicture: () => Promise.resolve(String(calls.push('picture'))),
        uploadMedia: () => Promise.resolve('mid'),
      },
      store: {
        readMedia: () => Promise.resolve(uploaded(999, 0)),
        writeMedia: () => Promise.resolve(),
        readAsset: () => Promise.resolve(bytes),
      },
      clock: {nowMs: () => NOW},
      mimeOf: () => 'image/png',
    })
    const ready = (name: string) => desk.ready({use: 'picture', sha256: sha256(name), file: `assets/${name}.png`})
    const [first, second] = await Promise.allSettled([ready('a'), ready('b')])
    expect([first?.status, second?.status, calls.length]).toEqual(['fulfilled', 'rejected', 1])
    expect(second?.status === 'rejected' && String(second.reason)).toMatch(/used up: 1000 within a day/)
  })
})
