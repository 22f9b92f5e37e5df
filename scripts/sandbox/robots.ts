import {createHash} from 'node:crypto'
import type {Fields} from './fields.js'
import {MINUTE_MS} from './frequency.js'
import {isImage} from './media.js'
import {checkCardParts, checkNews, requireContent} from './message-checks.js'
import {nowSeconds, type OpenEndpoint, type World} from './world.js'
import {byteLength, Refusal, type JsonObject} from './wire.js'

/** webhook/send (91770): the key in the URL is the secret, there is no token, and 20 messages a minute per robot. */
export const webhookSend: OpenEndpoint = {
  method: 'POST',
  run(world, {query, body}) {
    const key = query.get('key') ?? ''
    const robot = world.state.robots.get(key)
    if (robot === undefined) throw new Refusal(93000)
    if (robot.disabled) throw new Refusal(93004)
    const rule = [{max: world.limits.webhookPerMinute, windowMs: MINUTE_MS}]
    if (!world.frequency.take(`webhook ${key}`, rule, world.clock.nowMs())) throw new Refusal(45009)
    const msgtype = body.text('msgtype') ?? ''
    const check = WEBHOOK_CHECKS[msgtype]
    if (check === undefined) throw new Refusal(40008)
    const content = body.object(msgtype)
    if (content === undefined) throw new Refusal(40058, msgtype)
    record(world, key, msgtype, {[msgtype]: check(world, content)})
    return {}
  },
}

const WEBHOOK_CHECKS: Readonly<Record<string, (world: World, content: Fields) => JsonObject>> = {
  text: (world, content) => checkLength(content, world.limits.webhookTextBytes),
  markdown: (world, content) => checkLength(content, world.limits.webhookMarkdownBytes),
  markdown_v2: (world, content) => checkLength(content, world.limits.webhookMarkdownBytes),
  news: checkNews,
  image: checkInlineImage,
  template_card: (world, content) => {
    checkCardParts(world, content)
    if (content.object('card_action') === undefined) throw new Refusal(42045)
    return content.values
  },
}

function checkLength(content: Fields, most: number): JsonObject {
  if (byteLength(requireContent(content)) > most) throw new Refusal(45002)
  return content.values
}

/** JPG or PNG up to 2 MB before base64, with the MD5 of its bytes. Only the digest is kept. */
function checkInlineImage(world: World, content: Fields): JsonObject {
  const bytes = Buffer.from(content.text('base64') ?? '', 'base64')
  if (bytes.length === 0) throw new Refusal(44001)
  if (bytes.length > world.limits.webhookImageBytes) throw new Refusal(45001)
  if (!isImage(bytes)) throw new Refusal(40123)
  const md5 = createHash('md5').update(bytes).digest('hex')
  if (content.text('md5')?.toLowerCase() !== md5) throw new Refusal(301019)
  return {md5}
}

function record(world: World, key: string, msgtype: string, content: JsonObject): void {
  const {webhookMessages} = world.state
  webhookMessages.push({atSeconds: nowSeconds(world), agentid: -1, key, msgtype, users: [], content})
  if (webhookMessages.length > world.settings.historyKept) webhookMessages.shift()
  world.touched()
}
