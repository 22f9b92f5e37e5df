import {customerRoutes} from './control-customers.js'
import type {ControlTable} from './control-door.js'
import {officeRoutes} from './control-office.js'
import {organizationRoutes} from './control-organization.js'
import {readRoutes} from './control-reads.js'
import {worldRoutes} from './control-world.js'

/**
 * The control API, under `/__sandbox` on the same port; JSON in and out, loopback only. Mistakes: 4xx with {error}.
 * A caller of the platform's own paths may play another address with the header `x-sandbox-caller-ip`.
 *
 * | route | body (? = may be left out) | answer |
 * | --- | --- | --- |
 * | GET /routes | | {routes: ["METHOD /path", …]} |
 * | POST /organization | departments [{id, name, parentid, order?}], members [{userid, name?, department [ids], main_department?, direct_leader?, position?, status?, attributes?, customerContact?, realNameVerified?}] | replaces both; members no longer named have left; pushes subscribe/unsubscribe (not with quiet: true; so for the other routes that do) |
 * | POST /members | members (as above) | adds or replaces these |
 * | POST /members/leave | userids | they have left (status 5) |
 * | POST /apps | apps [{agentid, secret, name?, kind? app or contact-sync, visible? {users, departments, tags}, permissions?, trustedIps?, disabled?, callback? {url, token, aesKey, events?}}] | adds or replaces |
 * | POST /apps/remove | agentids | |
 * | POST /apps/visible-range | agentid, users, departments, tags | pushes subscribe/unsubscribe |
 * | POST /apps/trusted-ips | agentid, ips | acts after the setting trustedIpDelayMs |
 * | POST /apps/secret | agentid, secret | the old secret is dead |
 * | POST /apps/disabled | agentid, disabled | |
 * | POST /apps/callback-check | agentid | the GET check of the callback URL: {ok, status, elapsedMs} |
 * | POST /tokens/end | agentid?, how invalid or expired | ends tokens early (40014) or as if their time were over (42001) |
 * | POST /mini-programs | appids | replaces the associated mini programs |
 * | POST /console-welcome | members | replaces: events of these carry no WelcomeCode |
 * | POST /consent-members | members | replaces: their customers must consent first (41053) |
 * | POST /occupied | contactWays?, templates?, corpTags?, memberTags? | what others already use up of the caps |
 * | POST /contact-changes | changeType, fields | a change_contact event to the contact-sync callback |
 * | POST /customers | customers [{external_userid, name, type?, gender?, unionid?}] | |
 * | POST /customers/add | userid or config_id, external_userid?, name?, state?, type?, add_way?, half? | {userid, external_userid, withCode, pushed [{agentid, delivery, code?}]} |
 * | POST /customers/add-many | adds [as above] or {count, members, prefix?, state?}; concurrency?, perSecond? | counts, once all callbacks are over |
 * | POST /customers/complete | userid, external_userid | the member adds a half-added customer back |
 * | POST /customers/chat | userid, external_userid | they talk first: 41051 |
 * | POST /customers/consent | userid, external_userid | msg_audit_approved |
 * | POST /customers/delete | userid, external_userid, by member or customer | del_external_contact, del_follow_user |
 * | POST /customers/edit | userid, external_userid, remark?, tags? | edit_external_contact |
 * | POST /transfers/fail | external_userid, reason customer_refused or customer_limit_exceed | transfer_fail |
 * | POST /tags/console, /member-tags/console | group_name, tags; tagid, tagname | made by no app |
 * | POST /admin-log, /robots, /checkins, /schedules | rows or robots | audit rows are added, shifts replaced |
 * | GET, POST /clock | setMs?, advanceMs?, frozen? | {nowMs, offsetMs, frozen}; due transfers are carried out |
 * | GET, POST, DELETE /faults | path, kind, effect?, nth? or next?, errcode?, delayMs?, bodyIncludes? (or faults [..]) | |
 * | GET, POST /settings; GET, POST /limits | names and values | see settings.ts and limits.ts |
 * | POST /frequency/used | rule, path, calls, key?, ip? | counts calls that were never made; /frequency/clear forgets all |
 * | GET, DELETE /calls | | calls and errcodes by path |
 * | GET /welcomes, /messages, /webhook-messages | ?userid ?external_userid ?code ?key ?last | what was delivered |
 * | GET /contact-ways, /templates, /tags, /member-tags, /media, /relations | | |
 * | GET /deliveries | | counts of callback pushes |
 * | GET /summary | | count and digest of every section and of all |
 */
export const CONTROL_ROUTES: ControlTable = {
  ...organizationRoutes,
  ...customerRoutes,
  ...officeRoutes,
  ...worldRoutes,
  ...readRoutes,
  'GET /routes': () => ({routes: ['GET /routes', ...Object.keys(CONTROL_ROUTES)].toSorted()}),
}
