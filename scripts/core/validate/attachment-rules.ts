import type {Asset, Config, Resource} from '../model/config.js'
import type {Level, Remark} from '../model/finding.js'
import type {Words} from '../model/words.js'
import type {Attachment} from '../model/written.js'
import * as limit from './limits.js'
import {type Checked, listed, remark, type Rule} from './rule.js'
import {tooMany} from './text-length.js'
import {foreignSpellings} from './text-rules.js'
import {checkUrl} from './url-rules.js'

interface Placed {
  readonly resource: Resource<unknown>
  readonly pointer: string
  readonly attachment: Attachment
}

function allAttachments({templates, groupWelcomes}: Config): Placed[] {
  const placed: Placed[] = []
  for (const resource of templates.values())
    for (const [index, attachment] of (resource.value.attachments ?? []).entries())
      placed.push({resource, pointer: `/attachments/${index}`, attachment})
  return [
    ...placed,
    ...[...groupWelcomes.values()].flatMap((resource) =>
      resource.value.attachment ? [{resource, pointer: '/attachment', attachment: resource.value.attachment}] : [],
    ),
  ]
}

export const attachmentsFitThePlatform: Rule = (checked) => {
  const remarks: Remark[] = []
  for (const placed of allAttachments(checked.config)) remarks.push(...attachmentFaults(placed, checked))
  return remarks
}

function attachmentFaults(placed: Placed, checked: Checked): Remark[] {
  const {attachment, resource, pointer} = placed
  switch (attachment.type) {
    case 'link':
      return [
        ...bytes(placed, 'title', attachment.title, limit.MAX_LINK_TITLE_BYTES, '链接标题', 'the link title'),
        ...bytes(
          placed,
          'description',
          attachment.description ?? '',
          limit.MAX_LINK_DESCRIPTION_BYTES,
          '链接摘要',
          'the link description',
        ),
        ...bytes(placed, 'url', attachment.url, limit.MAX_URL_BYTES, '链接地址', 'the link address'),
        ...checkUrl(resource, `${pointer}/url`, attachment.url, checked),
        ...cover(placed, attachment.cover, checked),
      ]
    case 'miniprogram':
      return [
        ...bytes(
          placed,
          'title',
          attachment.title,
          limit.MAX_MINIPROGRAM_TITLE_BYTES,
          '小程序标题',
          'the mini-program title',
        ),
        ...miniprogramRegistered(placed, attachment.appid, checked),
        ...withAsset(placed, 'cover', attachment.cover, checked, (asset) => [
          ...pictureFaults(placed, 'cover', asset),
          ...coverShape(placed, 'cover', asset),
        ]),
      ]
    case 'image':
      return withAsset(placed, 'file', attachment.file, checked, (asset) => pictureFaults(placed, 'file', asset))
    case 'video':
      return withAsset(placed, 'file', attachment.file, checked, (asset) => videoFaults(placed, asset))
    case 'file':
      return withAsset(placed, 'file', attachment.file, checked, (asset) =>
        sizeFaults(placed, 'file', asset, limit.MAX_FILE_BYTES),
      )
  }
}

function bytes(placed: Placed, field: string, text: string, most: number, zh: string, en: string): Remark[] {
  const spelled = field === 'url' ? [] : foreignSpellings(placed.resource, `${placed.pointer}/${field}`, text)
  // No code unit takes more than three bytes.
  const count = text.length * 3 <= most ? 0 : Buffer.byteLength(text)
  if (count <= most) return spelled
  return [
    ...spelled,
    at(
      placed,
      field,
      `${placed.attachment.type}-${field}-bytes`,
      'error',
      {zh: `${zh} ${count} 字节，上限 ${most} 字节`, en: `${en} has ${count} bytes, the limit is ${most}`},
      tooMany(count - most),
    ),
  ]
}

const at = ({resource, pointer}: Placed, field: string, rule: string, level: Level, says: Words, fix: Words): Remark =>
  remark(resource, `${pointer}/${field}`, rule, level, says, fix)

function cover(placed: Placed, written: string | undefined, checked: Checked): Remark[] {
  if (written === undefined) return []
  if (written.includes('://')) return checkUrl(placed.resource, `${placed.pointer}/cover`, written, checked)
  return withAsset(placed, 'cover', written, checked, (asset) => [
    ...pictureFaults(placed, 'cover', asset),
    ...(asset.bytes > limit.MAX_PICTURE_URL_BYTES
      ? [tooLarge(placed, 'cover', asset, limit.MAX_PICTURE_URL_BYTES)]
      : []),
  ])
}

/** The path must stay below `assets/`; the file must be there. */
function withAsset(
  placed: Placed,
  field: string,
  path: string,
  {config}: Checked,
  look: (asset: Asset) => Remark[],
): Remark[] {
  const normal = path.normalize('NFC')
  if (!normal.startsWith('assets/') || normal.split('/').some((part) => part === '..' || part === '.' || part === ''))
    return [
      at(
        placed,
        field,
        'asset-path-stays-inside',
        'error',
        {zh: `「${path}」不在 config/assets/ 之内`, en: `"${path}" is not inside config/assets/`},
        {zh: '写作 assets/文件名', en: 'write assets/name'},
      ),
    ]
  const asset = config.assets.get(normal)
  if (asset) return look(asset)
  return [
    at(
      placed,
      field,
      'asset-exists',
      'error',
      {zh: `没有文件 config/${path}`, en: `there is no file config/${path}`},
      {
        zh: `把文件放进去，或改用现有的：${listed(config.assets.keys())}`,
        en: `add the file, or use one of: ${listed(config.assets.keys())}`,
      },
    ),
  ]
}

function pictureFaults(placed: Placed, field: string, asset: Asset): Remark[] {
  if (asset.mime !== 'image/png' && asset.mime !== 'image/jpeg')
    return [
      at(
        placed,
        field,
        'asset-type-fits',
        'error',
        {
          zh: `${asset.path} 的内容是 ${asset.mime ?? '未知类型'}，不是 JPG 或 PNG`,
          en: `${asset.path} holds ${asset.mime ?? 'an unknown type'}, not JPG or PNG`,
        },
        {zh: '换成 JPG 或 PNG 图片', en: 'use a JPG or PNG picture'},
      ),
    ]
  if (asset.width === undefined)
    return [
      at(
        placed,
        field,
        'picture-is-readable',
        'error',
        {zh: `${asset.path} 不是完整的图片`, en: `${asset.path} is not a whole picture`},
        {zh: '重新导出图片', en: 'export the picture again'},
      ),
    ]
  const disputed =
    asset.bytes > limit.DISPUTED_IMAGE_BYTES && asset.bytes <= limit.MAX_IMAGE_BYTES
      ? [
          at(
            placed,
            field,
            'asset-size-is-safe',
            'warning',
            {
              zh: `图片 ${megabytes(asset.bytes)} MB；平台文档有 5 MB 与 10 MB 两种说法`,
              en: `the picture has ${megabytes(asset.bytes)} MB; the platform's pages name both 5 MB and 10 MB`,
            },
            {zh: '压到 5 MB 以内最稳妥', en: 'make it smaller than 5 MB to be safe'},
          ),
        ]
      : []
  return [...sizeFaults(placed, field, asset, limit.MAX_IMAGE_BYTES), ...disputed]
}

const videoFaults = (placed: Placed, asset: Asset): Remark[] =>
  asset.mime === 'video/mp4'
    ? sizeFaults(placed, 'file', asset, limit.MAX_VIDEO_BYTES)
    : [
        at(
          placed,
          'file',
          'asset-type-fits',
          'error',
          {
            zh: `${asset.path} 的内容是 ${asset.mime ?? '未知类型'}，不是 MP4`,
            en: `${asset.path} holds ${asset.mime ?? 'an unknown type'}, not MP4`,
          },
          {zh: '转成 MP4', en: 'convert it to MP4'},
        ),
      ]

function sizeFaults(placed: Placed, field: string, asset: Asset, most: number): Remark[] {
  if (asset.bytes > most) return [tooLarge(placed, field, asset, most)]
  if (asset.bytes < limit.MIN_MEDIA_BYTES)
    return [
      at(
        placed,
        field,
        'asset-size-fits',
        'error',
        {
          zh: `${asset.path} 只有 ${asset.bytes} 字节，平台要求大于 5 字节`,
          en: `${asset.path} has ${asset.bytes} bytes; the platform wants more than 5`,
        },
        {zh: '放入真正的文件', en: 'put the real file there'},
      ),
    ]
  return []
}

const tooLarge = (placed: Placed, field: string, asset: Asset, most: number): Remark =>
  at(
    placed,
    field,
    'asset-size-fits',
    'error',
    {
      zh: `${asset.path} 有 ${megabytes(asset.bytes)} MB，上限 ${megabytes(most)} MB`,
      en: `${asset.path} has ${megabytes(asset.bytes)} MB, the limit is ${megabytes(most)} MB`,
    },
    {zh: '压缩后再放', en: 'make it smaller'},
  )

const megabytes = (count: number): string => (count / 1024 / 1024).toFixed(1)

function coverShape(placed: Placed, field: string, {width, height, path}: Asset): Remark[] {
  if (width === undefined || height === undefined || (width === limit.COVER_WIDTH && height === limit.COVER_HEIGHT))
    return []
  return [
    at(
      placed,
      field,
      'cover-has-size',
      'warning',
      {
        zh: `${path} 是 ${width}×${height}，建议 ${limit.COVER_WIDTH}×${limit.COVER_HEIGHT}，否则会被裁剪或拉伸`,
        en: `${path} is ${width}×${height}; ${limit.COVER_WIDTH}×${limit.COVER_HEIGHT} is recommended, others are cut or stretched`,
      },
      {zh: '按建议尺寸导出', en: 'export it in the recommended size'},
    ),
  ]
}

function miniprogramRegistered(placed: Placed, appid: string, {config, broken}: Checked): Remark[] {
  const registered = config.links.value.miniprograms ?? []
  if (broken.has('links/links') || registered.some((program) => program.appid === appid)) return []
  return [
    at(
      placed,
      'appid',
      'miniprogram-is-registered',
      'error',
      {zh: `小程序 ${appid} 没有登记`, en: `mini-program ${appid} is not registered`},
      {
        zh: `先在 links.yaml 的 miniprograms 里登记并核对已关联；现有：${listed(registered.map((program) => program.appid))}`,
        en: `register it under miniprograms in links.yaml first and check that it is associated; known: ${listed(registered.map((program) => program.appid))}`,
      },
    ),
  ]
}
