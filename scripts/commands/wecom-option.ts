import type {Words} from '../core/model/words.js'

export const WECOM_HELP = 'WeCom API (default: WECOM_BASE_URL, else https://qyapi.weixin.qq.com)'
export const WECOM_WORDS: Words = {
  zh: '企业微信接口地址（默认 WECOM_BASE_URL，否则 https://qyapi.weixin.qq.com）',
  en: WECOM_HELP,
}
