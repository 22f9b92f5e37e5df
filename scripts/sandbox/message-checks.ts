import type {Fields} from './fields.js'
import {requireMedia} from './message-parts.js'
import type {World} from './world.js'
import {byteLength, charLength, Refusal, type JsonObject} from './wire.js'

/** Contents of messages to staff (90236) by msgtype. */

const CONTENT_CHECKS: Readonly<Record<string, (world: World, content: Fields, hasCallback: boolean) => JsonObject>> = {
  text: (world, content) => ({content: cutBytes(requireContent(content), world.limits.messageTextBytes)}),
  markdown: (world, content) => {
    const text = requireContent(content)
    if (byteLength(text) > world.limits.messageMarkdownBytes) throw new Refusal(45002)
    return {content: text}
  },
  image: (world, content) => ({media_id: requireMedia(world, content.text('media_id'), 'image').media_id}),
  voice: (world, content) => ({media_id: requireMedia(world, content.text('media_id'), 'voice').media_id}),
  video: (world, content) => ({media_id: requireMedia(world, content.text('media_id'), 'video').media_id}),
  file: (world, content) => ({media_id: requireMedia(world, content.text('media_id'), 'file').media_id}),
  textcard: checkTextcard,
  template_card: checkTemplateCard,
  news: (world, content) => checkNews(world, content),
}

/** The content that is kept, or 40008 for an unknown msgtype. */
export function checkMessage(world: World, body: Fields, hasCallback: boolean): JsonObject {
  const msgtype = body.text('msgtype') ?? ''
  const check = CONTENT_CHECKS[msgtype]
  if (check === undefined) throw new Refusal(40008)
  const content = body.object(msgtype)
  if (content === undefined) throw new Refusal(40058, msgtype)
  return {[msgtype]: check(world, content, hasCallback)}
}

export function requireContent(content: Fields): string {
  const text = content.text('content')
  if (text === undefined || text === '') throw new Refusal(44004)
  return text
}

/** Text beyond the limit is cut without a word; a character is never cut in two. */
function cutBytes(text: string, most: number): string {
  if (byteLength(text) <= most) return text
  let size = 0
  let kept = ''
  for (const character of text) {
    size += byteLength(character)
    if (size > most) break
    kept += character
  }
  return kept
}

/** The current page counts title and description in characters, an older one in bytes. */
function checkTextcard(world: World, content: Fields): JsonObject {
  const {limits} = world
  const title = content.text('title') ?? ''
  const description = content.text('description') ?? ''
  const url = content.text('url') ?? ''
  if (title === '') throw new Refusal(41016)
  if (charLength(title) > limits.textcardTitleChars) throw new Refusal(40058, 'textcard.title')
  if (charLength(description) > limits.textcardDescriptionChars) throw new Refusal(40058, 'textcard.description')
  if (url === '') throw new Refusal(41010)
  if (byteLength(url) > limits.textcardUrlBytes) throw new Refusal(40039)
  return {title, description, url}
}

const PLAIN_CARDS = ['text_notice', 'news_notice']
const INTERACTIVE_CARDS = ['button_interaction', 'vote_interaction', 'multiple_interaction']

function checkTemplateCard(world: World, content: Fields, hasCallback: boolean): JsonObject {
  const cardType = content.text('card_type') ?? ''
  if (INTERACTIVE_CARDS.includes(cardType)) {
    if (!hasCallback) throw new Refusal(43012)
  } else if (!PLAIN_CARDS.includes(cardType)) throw new Refusal(40058, 'card_type')
  checkCardParts(world, content)
  if (PLAIN_CARDS.includes(cardType) && content.object('card_action') === undefined) throw new Refusal(42045)
  return content.values
}

export function checkCardParts(world: World, content: Fields): void {
  const {limits} = world
  if (content.objects('horizontal_content_list').length > limits.cardRows)
    throw new Refusal(40058, 'horizontal_content_list')
  if (content.objects('jump_list').length > limits.cardJumps) throw new Refusal(40058, 'jump_list')
  const taskId = content.text('task_id') ?? ''
  if (byteLength(taskId) > limits.cardTaskIdBytes || !/^[0-9A-Za-z_\-@]*$/.test(taskId))
    throw new Refusal(40058, 'task_id')
}

const TITLE_BYTES = 128
const DESCRIPTION_BYTES = 512

/** 1–8 articles. */
export function checkNews(world: World, content: Fields): JsonObject {
  const articles = content.objects('articles')
  if (articles.length === 0) throw new Refusal(40058, 'articles')
  if (articles.length > world.limits.webhookArticles) throw new Refusal(45008)
  for (const article of articles) {
    if ((article.text('title') ?? '') === '') throw new Refusal(41016)
    if (byteLength(article.text('title') ?? '') > TITLE_BYTES) throw new Refusal(40058, 'articles.title')
    if (byteLength(article.text('description') ?? '') > DESCRIPTION_BYTES)
      throw new Refusal(40058, 'articles.description')
  }
  return {articles: articles.map((article) => article.values)}
}
