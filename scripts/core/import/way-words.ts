import type {Words} from '../model/words.js'
import type {SeenContactWay} from '../ports.js'

export const isButton = (configId: string): Words => ({
  zh: `${configId} 是小程序里的按钮，没有二维码，没有导入`,
  en: `${configId} is a button inside a mini program without a QR code and was left out`,
})
export const withoutState = (configId: string): Words => ({
  zh: `活码 ${configId} 没有 state，认不出客户从哪来，没有导入；需要的话新建一个渠道换掉它`,
  en: `code ${configId} has no state, so nobody can tell who comes through it; it was left out: make a channel in its place`,
})
export const severalCodes = (state: string, ways: readonly SeenContactWay[]): Words => {
  const ids = ways.map(({configId}) => configId).join(', ')
  return {
    zh: `state「${state}」有 ${ways.length} 个活码（${ids}），一个渠道只管一个，没有导入；留一个，或把渠道写成 kind: external`,
    en: `state "${state}" has ${ways.length} codes (${ids}) and a channel manages one: none was taken over; keep one, or write the channel with kind: external`,
  }
}
export const secondCode = (id: string, configId: string): Words => ({
  zh: `活码 ${configId} 与渠道「${id}」的 state 相同，渠道已有自己的活码，没有导入`,
  en: `code ${configId} has the state of channel "${id}", which has its own code already; it was left out`,
})
export const isInDoubt = (id: string): Words => ({
  zh: `渠道「${id}」的活码上次创建没有收到答复：下一次 apply 会先查找再认领，这里不动`,
  en: `the last create of the code of channel "${id}" got no answer: the next apply looks for it and adopts it; left alone here`,
})
export const notManaged = (id: string, configId: string): Words => ({
  zh: `渠道「${id}」不由系统管理（kind 或没有 staff），活码 ${configId} 没有接管；补上 staff 再导入一次就会接管`,
  en: `channel "${id}" is not managed (its kind, or no staff), so code ${configId} was not taken over; add staff and import again`,
})
export const adopted = (id: string): Words => ({
  zh: `渠道「${id}」已写在配置里：只接管它的活码，文件不动；和配置不同的地方看下一次 plan`,
  en: `channel "${id}" stands in the configuration: its code was taken over and the file is kept; the next plan shows what differs`,
})
export const idIsKnown = (id: string): Words => ({
  zh: `状态里已有渠道「${id}」的另一个活码，没有导入；先把那个渠道写回配置，或让 apply 删掉它`,
  en: `the state holds another code under channel "${id}"; this one was left out: write that channel into the configuration again, or let apply delete it`,
})
export const nobodyKnown = (state: string, strangers: readonly string[]): Words => ({
  zh: `state「${state}」的活码没有导入：接待人都不在 organization.yaml 里（${strangers.join('、')}）；先运行 yingbin sync`,
  en: `the code of state "${state}" was left out: nobody of its staff is in organization.yaml (${strangers.join(', ')}); run yingbin sync first`,
})
export const withoutStrangers = (id: string, strangers: readonly string[]): Words => ({
  zh: `渠道「${id}」没有写上 organization.yaml 里没有的接待人：${strangers.join('、')}；下一次 apply 会把他们从活码里去掉`,
  en: `channel "${id}" leaves out staff that organization.yaml does not know: ${strangers.join(', ')}; the next apply takes them off the code`,
})
export const oneMemberOnly = (id: string): Words => ({
  zh: `渠道「${id}」的活码是单人类型，以后不能加第二个人（企业微信不让改类型）`,
  en: `the code of channel "${id}" is for one member only: WeCom never lets it take a second one`,
})
