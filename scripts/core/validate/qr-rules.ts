import {attachmentPicture} from '../model/attachment-files.js'
import type {Asset, Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {urlsIn} from '../model/urls-in-text.js'
import type {Words} from '../model/words.js'
import type {Attachment} from '../model/written.js'
import {append, type Checked, remark, type Rule} from './rule.js'
import {checkUrl} from './url-rules.js'

/** A customer can scan what a picture shows, so its addresses are held to the registry like any other. */
export const qrCodesAreRegistered: Rule = (checked) => {
  const remarks: Remark[] = []
  const {templates, groupWelcomes, assets} = checked.config
  if (assets.size === 0) return remarks
  for (const resource of templates.values())
    for (const [index, attachment] of (resource.value.attachments ?? []).entries())
      append(remarks, codesIn(resource, `/attachments/${index}`, attachment, checked))
  for (const resource of groupWelcomes.values())
    if (resource.value.attachment) append(remarks, codesIn(resource, '/attachment', resource.value.attachment, checked))
  return remarks
}

function codesIn(resource: Resource<unknown>, at: string, attachment: Attachment, checked: Checked): Remark[] {
  const shown = attachmentPicture(attachment)
  const asset = shown && checked.config.assets.get(shown.path.normalize('NFC'))
  if (!shown || !asset) return []
  const pointer = `${at}/${shown.field}`
  return [
    ...(asset.qrCodes ?? []).flatMap((code) =>
      urlsIn(code).flatMap((url) =>
        checkUrl(resource, pointer, url, checked).map((found) => ({
          ...found,
          rule: 'qr-host-not-in-registry',
          says: {
            zh: `图片 ${asset.path} 里的二维码指向 ${url}：${found.says.zh}`,
            en: `a QR code in ${asset.path} leads to ${url}: ${found.says.en}`,
          },
        })),
      ),
    ),
    ...unread(resource, pointer, asset),
  ]
}

/** A picture nobody could look into may hold anything; one that is no whole picture is a finding of its own. */
function unread(resource: Resource<unknown>, pointer: string, {path, qrUnread, width}: Asset): Remark[] {
  if (qrUnread === undefined || (qrUnread === 'unreadable' && width === undefined)) return []
  const {says, fix} = UNREAD[qrUnread]
  return [
    remark(
      resource,
      pointer,
      'qr-codes-are-readable',
      'error',
      {
        zh: `没法检查图片 ${path} 里有没有二维码：${says.zh}`,
        en: `${path} could not be searched for QR codes: ${says.en}`,
      },
      fix,
    ),
  ]
}

const UNREAD: Readonly<Record<NonNullable<Asset['qrUnread']>, {readonly says: Words; readonly fix: Words}>> = {
  'too-large': {
    says: {zh: '边长超过 4096 像素', en: 'a side is longer than 4096 pixels'},
    fix: {zh: '缩小到 4096 像素以内', en: 'make it smaller than 4096 pixels a side'},
  },
  unreadable: {
    says: {zh: '图片解不开', en: 'the picture cannot be decoded'},
    fix: {zh: '重新导出为普通的 PNG 或 JPG', en: 'export it again as a plain PNG or JPG'},
  },
  'too-many': {
    says: {zh: '里面有 10 个或更多二维码', en: 'it holds ten QR codes or more'},
    fix: {zh: '一张图最多放 9 个二维码', en: 'put at most nine QR codes into one picture'},
  },
  'took-too-long': {
    says: {zh: '图片太多，一分钟内没有查完', en: 'there are so many pictures that a minute did not suffice'},
    fix: {zh: '删掉不用的图片，或缩小图片', en: 'delete pictures nobody uses, or make them smaller'},
  },
}
