/** Event plaintexts and envelopes as they stand on the wire. The platform puts some values into CDATA and leaves others bare. */

export type XmlNode = readonly [name: string, value: string | number | readonly XmlNode[], style?: 'bare']

/** A section cannot hold its own end mark; splitting it is the standard way round. */
const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

const bare = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export function renderXml(nodes: readonly XmlNode[]): string {
  return nodes
    .map(([name, value, style]) => {
      if (typeof value === 'number') return `<${name}>${value}</${name}>`
      if (typeof value === 'string') return `<${name}>${style === 'bare' ? bare(value) : cdata(value)}</${name}>`
      return `<${name}>${renderXml(value)}</${name}>`
    })
    .join('')
}

/** An event from the platform itself: FromUserName is `sys`. */
export function renderEvent(corpid: string, createTime: number, event: string, fields: readonly XmlNode[]): string {
  return renderXml([['xml', [...eventHead(corpid, 'sys', createTime, event), ...fields]]])
}

/** `subscribe` and `unsubscribe` come from the member who enters or leaves the app's visible range (90240). */
export function renderMemberEvent(
  corpid: string,
  createTime: number,
  event: string,
  userid: string,
  agentid: number,
): string {
  return renderXml([['xml', [...eventHead(corpid, userid, createTime, event), ['AgentID', agentid]]]])
}

export function renderEnvelope(corpid: string, agentid: number | undefined, encrypted: string): string {
  const agent: XmlNode[] = agentid === undefined ? [] : [['AgentID', String(agentid)]]
  return renderXml([['xml', [['ToUserName', corpid], ...agent, ['Encrypt', encrypted]]]])
}

function eventHead(corpid: string, from: string, createTime: number, event: string): XmlNode[] {
  return [
    ['ToUserName', corpid],
    ['FromUserName', from],
    ['CreateTime', createTime],
    ['MsgType', 'event'],
    ['Event', event],
  ]
}
