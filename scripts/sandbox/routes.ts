import {adminLogEndpoints} from './admin-log.js'
import {agentEndpoints} from './agents.js'
import {behaviorDataEndpoints} from './behavior-data.js'
import {checkinEndpoints} from './checkins.js'
import {contactWayEndpoints} from './contact-ways.js'
import {corpTagEndpoints} from './corp-tags.js'
import {departmentEndpoints} from './departments.js'
import {externalContactEndpoints} from './external-contacts.js'
import {groupTemplateEndpoints} from './group-templates.js'
import {markTagEndpoints} from './mark-tag.js'
import {mediaEndpoints} from './media.js'
import {memberEndpoints} from './members.js'
import {memberTagEndpoints} from './member-tags.js'
import {messageEndpoints} from './messages.js'
import {webhookSend} from './robots.js'
import {welcomeEndpoints} from './send-welcome.js'
import {gettoken} from './tokens.js'
import {transferEndpoints} from './transfers.js'
import type {EndpointTable, OpenEndpoint} from './world.js'

/** Every API path the sandbox answers; anything else is a 404 with an empty body, as on the platform. */
export const ENDPOINTS: EndpointTable = {
  ...adminLogEndpoints,
  ...agentEndpoints,
  ...behaviorDataEndpoints,
  ...checkinEndpoints,
  ...contactWayEndpoints,
  ...corpTagEndpoints,
  ...departmentEndpoints,
  ...externalContactEndpoints,
  ...groupTemplateEndpoints,
  ...markTagEndpoints,
  ...mediaEndpoints,
  ...memberEndpoints,
  ...memberTagEndpoints,
  ...messageEndpoints,
  ...transferEndpoints,
  ...welcomeEndpoints,
}

/** Paths that take no access_token. */
export const OPEN_ENDPOINTS: Readonly<Record<string, OpenEndpoint>> = {
  '/cgi-bin/gettoken': gettoken,
  '/cgi-bin/webhook/send': webhookSend,
}
