import type {EndpointTable} from './world.js'
import {Refusal} from './wire.js'

/** agent/get (90227), the address lists (92521, 92520). */
export const agentEndpoints: EndpointTable = {
  '/cgi-bin/agent/get': {
    method: 'GET',
    needs: ['message'],
    run: (_world, call) => {
      const {app} = call
      const asked = call.query.get('agentid') ?? ''
      if (asked === '') throw new Refusal(41011)
      if (!/^\d+$/.test(asked)) throw new Refusal(40056)
      if (Number(asked) !== app.agentid) throw new Refusal(301002)
      return {
        agentid: app.agentid,
        name: app.name,
        allow_userinfos: {user: app.visible.users.map((userid) => ({userid}))},
        allow_partys: {partyid: app.visible.departments},
        allow_tags: {tagid: app.visible.tags},
        close: app.disabled ? 1 : 0,
        redirect_domain: '',
        report_location_flag: 0,
        isreportenter: 0,
        home_url: '',
      }
    },
  },
  '/cgi-bin/getcallbackip': {
    method: 'GET',
    needs: ['contacts'],
    empty: {ip_list: []},
    run: () => ({ip_list: ['127.0.0.1', '127.0.0.*']}),
  },
  '/cgi-bin/get_api_domain_ip': {
    method: 'GET',
    needs: ['contacts'],
    empty: {ip_list: []},
    run: () => ({ip_list: ['127.0.0.1']}),
  },
}
