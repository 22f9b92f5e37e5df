import type {JsonObject} from './wire.js'

/** Media, group templates, contact ways and customer tags as the sandbox keeps them. */

export type MediaKind = 'image' | 'voice' | 'video' | 'file'

export interface MediaRecord {
  media_id: string
  kind: MediaKind
  fileName: string
  contentType: string
  sha256: string
  size: number
  createdAtSeconds: number
  expiresAtMs: number
  /** Missing after a restart for files above the size that the state file keeps. */
  bytes?: Buffer
}

export const TEMPLATE_PARTS = ['image', 'link', 'miniprogram', 'file', 'video'] as const

export interface GroupTemplate {
  template_id: string
  /** 0 = made in the console. */
  createdBy: number
  /** Parts as `get` answers them: images only as pic_url. */
  parts: JsonObject
  notified: boolean
}

export interface ContactWay {
  config_id: string
  createdBy: number
  createdAtSeconds: number
  type: 1 | 2
  scene: 1 | 2
  style?: number
  remark: string
  skip_verify: boolean
  state: string
  qr_code?: string
  user: string[]
  party: number[]
  is_temp: boolean
  expires_in?: number
  chat_expires_in?: number
  unionid?: string
  is_exclusive: boolean
  mark_source: boolean
  conclusions?: JsonObject
  /** How many customers came through it. */
  scans: number
}

export interface CorpTag {
  id: string
  name: string
  create_time: number
  order: number
  createdBy: number
}

export interface CorpTagGroup {
  group_id: string
  group_name: string
  create_time: number
  order: number
  createdBy: number
  tags: CorpTag[]
}
