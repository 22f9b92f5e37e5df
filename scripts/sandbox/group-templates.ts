import {makeId} from './ids.js'
import {checkPart, checkText} from './message-parts.js'
import {TEMPLATE_PARTS, type GroupTemplate} from './state-resources.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {Refusal, type JsonObject} from './wire.js'

/** 入群欢迎语 templates (92366). There is no list call; only the app that made a template may edit or delete it. */
export const groupTemplateEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/group_welcome_template/add': {
    method: 'POST',
    needs: ['customer-contact'],
    run: addTemplate,
  },
  '/cgi-bin/externalcontact/group_welcome_template/edit': {
    method: 'POST',
    needs: ['customer-contact'],
    run: editTemplate,
  },
  '/cgi-bin/externalcontact/group_welcome_template/get': {
    method: 'POST',
    needs: ['customer-contact'],
    run: (world, call) => requireTemplate(world, call).parts,
  },
  '/cgi-bin/externalcontact/group_welcome_template/del': {
    method: 'POST',
    needs: ['customer-contact'],
    run: (world, call) => {
      world.state.templates.delete(requireOwnTemplate(world, call).template_id)
      world.touched()
      return {}
    },
  },
}

function addTemplate(world: World, call: ApiCall): object {
  const {state, limits, settings} = world
  const parts = checkParts(world, call)
  const consoleMade = settings.consoleTemplatesCount ? state.occupied.templates : 0
  if (state.templates.size + consoleMade >= limits.templatesPerCorp) throw new Refusal(41055)
  const template_id = makeId(state, 'msg', 32)
  const notified = call.body.flag('notify') ?? true
  state.templates.set(template_id, {template_id, createdBy: call.app.agentid, parts, notified})
  world.touched()
  return {template_id}
}

function editTemplate(world: World, call: ApiCall): object {
  const template = requireOwnTemplate(world, call)
  const parts = checkParts(world, call)
  template.parts = world.settings.templateEditReplaces ? parts : {...template.parts, ...parts}
  world.touched()
  return {}
}

/** The text and the first other part in the platform's order; further parts are dropped without a word. */
function checkParts(world: World, call: ApiCall): JsonObject {
  const text = checkText(call.body, world.limits.templateTextBytes)
  const kind = TEMPLATE_PARTS.find((candidate) => call.body.has(candidate))
  const part = kind === undefined ? undefined : call.body.object(kind)
  if (text === undefined && part === undefined) throw new Refusal(44004)
  const parts: JsonObject = text === undefined ? {} : {text: {content: text}}
  if (kind === undefined || part === undefined) return parts
  const checked = checkPart(world, kind, part)
  return {...parts, [kind]: kind === 'image' ? {pic_url: readBackUrl(world, checked)} : checked}
}

/** An image given by media_id reads back as a URL, so the request cannot be compared byte for byte. */
function readBackUrl(world: World, image: JsonObject): string {
  if (typeof image['pic_url'] === 'string') return image['pic_url']
  const url = `https://wework.qpic.example/wwpic/${makeId(world.state, '', 24)}/0`
  world.state.permanentImages.add(url)
  return url
}

/** Unconfirmed: the errcode of an unknown template_id; the page lists no other fitting one. */
function requireTemplate(world: World, call: ApiCall): GroupTemplate {
  const id = call.body.text('template_id')
  if (id === undefined || id === '') throw new Refusal(40058, 'template_id')
  const template = world.state.templates.get(id)
  if (template === undefined) throw new Refusal(40058, 'template_id')
  return template
}

function requireOwnTemplate(world: World, call: ApiCall): GroupTemplate {
  const template = requireTemplate(world, call)
  if (template.createdBy !== call.app.agentid) throw new Refusal(41058)
  return template
}
