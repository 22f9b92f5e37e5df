import type {ControlTable} from './control-door.js'
import {requireText} from './control-shapes.js'
import {pickWayMember} from './contact-way-scan.js'
import {addCustomer, completeHalfAdd, type AddResult, type AddWish} from './customer-adds.js'
import {deleteByCustomer, deleteByMember, editInClient, giveConsent, startChat} from './customer-actions.js'
import type {Fields} from './fields.js'
import type {Customer} from './state-customers.js'
import type {World} from './world.js'
import {ControlMistake} from './wire.js'

/** Control routes for what customers and members do in their clients. */
export const customerRoutes: ControlTable = {
  'POST /customers': (world, body) => {
    const customers = body.objects('customers').map(readCustomer)
    for (const customer of customers) world.state.customers.set(customer.external_userid, customer)
    world.touched()
    return {customers: world.state.customers.size}
  },
  'POST /customers/add': (world, body) => addCustomer(world, readWish(world, body)),
  'POST /customers/add-many': (world, body) => addMany(world, body),
  'POST /customers/complete': (world, body) => completeHalfAdd(world, ...pair(body)),
  'POST /customers/chat': (world, body) => {
    startChat(world, ...pair(body))
    return {}
  },
  'POST /customers/consent': async (world, body) => ({pushed: await giveConsent(world, ...pair(body))}),
  'POST /customers/delete': async (world, body) => {
    const by = body.text('by')
    if (by === 'member') return {pushed: await deleteByMember(world, ...pair(body))}
    if (by === 'customer') return {pushed: await deleteByCustomer(world, ...pair(body))}
    throw new ControlMistake('by is "member" or "customer"')
  },
  'POST /customers/edit': async (world, body) => {
    const remark = body.text('remark')
    const tags = body.has('tags') ? body.texts('tags') : undefined
    const change = {...(remark === undefined ? {} : {remark}), ...(tags === undefined ? {} : {tags})}
    return {pushed: await editInClient(world, ...pair(body), change)}
  },
}

const pair = (body: Fields): [userid: string, external: string] => [
  requireText(body, 'userid'),
  requireText(body, 'external_userid'),
]

function readCustomer(fields: Fields): Customer {
  const unionid = fields.text('unionid')
  const gender = fields.integer('gender')
  return {
    external_userid: requireText(fields, 'external_userid'),
    name: fields.text('name') ?? '',
    type: fields.integer('type') === 2 ? 2 : 1,
    gender: gender === 1 || gender === 2 ? gender : 0,
    ...(unionid === undefined ? {} : {unionid}),
  }
}

/** An add names a member, or a contact way by which the customer comes (the way picks the member and gives the State). */
function readWish(world: World, fields: Fields): AddWish {
  const configId = fields.text('config_id')
  const way = configId === undefined ? undefined : pickWayMember(world, configId)
  return {
    userid: way?.userid ?? requireText(fields, 'userid'),
    external_userid: fields.text('external_userid') ?? '',
    name: fields.text('name') ?? '客户',
    type: fields.integer('type') === 2 ? 2 : 1,
    state: fields.text('state') ?? way?.state ?? '',
    add_way: fields.integer('add_way') ?? 1,
    half: fields.flag('half') ?? false,
  }
}

/**
 * Many adds at once: either a list (`adds`) or a number of made-up customers (`count`) spread over `members`. At most
 * `concurrency` are under way together, and `perSecond` paces their starts. Answers when every callback is over.
 */
async function addMany(world: World, body: Fields): Promise<object> {
  const wishes = body.has('adds')
    ? body.objects('adds').map((fields) => readWish(world, fields))
    : makeWishes(body.integer('count') ?? 0, body)
  const concurrency = Math.max(1, body.integer('concurrency') ?? 32)
  const perSecond = body.integer('perSecond') ?? 0
  const startedMs = performance.now()
  const results: AddResult[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < wishes.length; index = next++) {
      const wish = wishes[index]
      if (wish === undefined) return
      if (perSecond > 0) await world.pause(startedMs + (index * 1000) / perSecond - performance.now())
      results.push(await addCustomer(world, wish))
    }
  }
  const workers = Array.from({length: Math.min(concurrency, wishes.length)}, work)
  // A half-filled reorder group would wait for events that never come.
  const flush = setInterval(() => world.outbox.flushGroup(), 50)
  await Promise.all(workers).finally(() => clearInterval(flush))
  return summarize(results, performance.now() - startedMs)
}

function makeWishes(count: number, body: Fields): AddWish[] {
  const members = body.texts('members')
  if (members.length === 0) throw new ControlMistake('members is missing: who is added by the made-up customers?')
  const prefix = body.text('prefix') ?? ''
  return Array.from({length: count}, (_, index) => ({
    userid: members[index % members.length] ?? '',
    external_userid: prefix === '' ? '' : `${prefix}${String(index + 1).padStart(8, '0')}`,
    name: `${body.text('name') ?? '客户'}${index + 1}`,
    type: 1,
    state: body.text('state') ?? '',
    add_way: body.integer('add_way') ?? 1,
    half: body.flag('half') ?? false,
  }))
}

function summarize(results: readonly AddResult[], elapsedMs: number): object {
  const pushes = results.flatMap((result) => result.pushed)
  const having = (delivery: string) => pushes.filter((push) => push.delivery === delivery).length
  return {
    adds: results.length,
    withCode: results.filter((result) => result.withCode).length,
    pushes: pushes.length,
    delivered: having('delivered'),
    failed: having('failed'),
    lost: having('lost'),
    elapsedMs: Math.round(elapsedMs),
  }
}
