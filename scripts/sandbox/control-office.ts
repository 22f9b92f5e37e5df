import type {ControlTable} from './control-door.js'
import {requireInteger, requireText} from './control-shapes.js'
import {pushToApps} from './customer-events.js'
import {makeId} from './ids.js'
import {failTransfer} from './transfer-settling.js'
import {nowSeconds} from './world.js'
import {ControlMistake} from './wire.js'

/** Control routes for what else the office does: logs, robots, shifts, console-made tags, refused transfers. */
export const officeRoutes: ControlTable = {
  'POST /admin-log': (world, body) => {
    const rows = body.objects('rows').map((row) => ({
      time: row.integer('time') ?? nowSeconds(world),
      userid: requireText(row, 'userid'),
      oper_type: row.integer('oper_type') ?? 13,
      detail_type: row.integer('detail_type') ?? 0,
      detail_info: row.text('detail_info') ?? '',
      ip: row.text('ip') ?? '127.0.0.1',
    }))
    world.state.adminLog.push(...rows)
    world.touched()
    return {rows: world.state.adminLog.length}
  },
  'POST /robots': (world, body) => {
    for (const robot of body.objects('robots')) {
      const key = requireText(robot, 'key')
      world.state.robots.set(key, {key, disabled: robot.flag('disabled') ?? false})
    }
    world.touched()
    return {robots: world.state.robots.size}
  },
  'POST /checkins': (world, body) => {
    world.state.checkins = body.objects('rows').map((row) => ({
      userid: requireText(row, 'userid'),
      checkin_time: requireInteger(row, 'checkin_time'),
      row: row.values,
    }))
    world.touched()
    return {rows: world.state.checkins.length}
  },
  'POST /schedules': (world, body) => {
    world.state.schedules = body.objects('rows').map((row) => ({
      userid: requireText(row, 'userid'),
      yearmonth: requireInteger(row, 'yearmonth'),
      row: row.values,
    }))
    world.touched()
    return {rows: world.state.schedules.length}
  },
  'POST /tags/console': async (world, body) => {
    const group_id = makeId(world.state, 'et', 30)
    const create_time = nowSeconds(world)
    const tags = body
      .texts('tags')
      .map((name) => ({id: makeId(world.state, 'et', 30), name, create_time, order: 0, createdBy: 0}))
    world.state.tagGroups.set(group_id, {
      group_id,
      group_name: requireText(body, 'group_name'),
      create_time,
      order: 0,
      createdBy: 0,
      tags,
    })
    world.touched()
    const pushed = await pushToApps(world, 'change_external_tag', [
      ['Id', group_id],
      ['TagType', 'tag_group'],
      ['ChangeType', 'create'],
    ])
    return {group_id, tags: tags.map(({id, name}) => ({id, name})), pushed}
  },
  'POST /member-tags/console': (world, body) => {
    const tagid = requireInteger(body, 'tagid')
    const tagname = requireText(body, 'tagname')
    world.state.memberTags.set(tagid, {tagid, tagname, createdBy: 0, users: new Set(), parties: new Set()})
    world.touched()
    return {tagid}
  },
  'POST /transfers/fail': async (world, body) => {
    const reason = body.text('reason') ?? 'customer_refused'
    if (reason !== 'customer_refused' && reason !== 'customer_limit_exceed') {
      throw new ControlMistake('reason is "customer_refused" or "customer_limit_exceed"')
    }
    return {pushed: await failTransfer(world, requireText(body, 'external_userid'), reason)}
  },
}
