import {describe, expect, it} from '@jest/globals'
import {createTagFinder, TagMissing} from '../../scripts/wecom/tag-finder.js'
import {TestClock} from './a-client.js'

const group = (name: string, ...tags: string[]) => ({
  id: `g-${name}`,
  name,
  deleted: false,
  tags: tags.map((tag) => ({id: `id-${name}-${tag}`, name: tag, deleted: false})),
})

function aFinder() {
  const clock = new TestClock()
  const list = {groups: [group('来源', '桌贴'), group('门店', '武侯', '春熙')], reads: 0, isDown: false}
  const find = createTagFinder(
    {
      fetchCorpTags: () => {
        list.reads += 1
        return list.isDown ? Promise.reject(new Error('down')) : Promise.resolve(list.groups)
      },
    },
    clock,
  )
  return {clock, list, find}
}

describe('ids of customer tags', () => {
  it('are found by group and name, from one reading for many customers', async () => {
    const {find, list} = aFinder()
    expect(await Promise.all([find(['来源/桌贴', '门店/春熙']), find(['门店/武侯'])])).toEqual([
      ['id-来源-桌贴', 'id-门店-春熙'],
      ['id-门店-武侯'],
    ])
    expect(list.reads).toBe(1)
  })

  it('are read again after ten minutes', async () => {
    const {find, list, clock} = aFinder()
    await find(['门店/武侯'])
    clock.advance(600_000)
    await find(['门店/武侯'])
    expect(list.reads).toBe(2)
  })

  it('a tag that is missing may have been made just now: the list is read again, but at most once a minute', async () => {
    const {find, list, clock} = aFinder()
    await find(['门店/武侯'])
    clock.advance(60_000)
    list.groups.push(group('活动', '双十一'))
    expect(await find(['活动/双十一'])).toEqual(['id-活动-双十一'])
    await expect(find(['活动/双十二'])).rejects.toThrow(new TagMissing('活动/双十二'))
    await expect(find(['活动/双十二'])).rejects.toThrow(TagMissing)
    expect(list.reads).toBe(2)
  })

  it('a deleted tag is no tag', async () => {
    const {find, list} = aFinder()
    list.groups = [{...group('来源', '桌贴'), deleted: true}]
    await expect(find(['来源/桌贴'])).rejects.toThrow(TagMissing)
  })

  it('a reading that failed is tried again with the next customer', async () => {
    const {find, list} = aFinder()
    list.isDown = true
    await expect(find(['门店/武侯'])).rejects.toThrow('down')
    list.isDown = false
    expect(await find(['门店/武侯'])).toEqual(['id-门店-武侯'])
  })
})
