import type {Attachment} from './written.js'

/** Paths of the files an attachment needs; a cover that is an address on the web needs none. */
export function attachmentFiles(attachment: Attachment): string[] {
  if (attachment.type === 'link') return attachment.cover && !attachment.cover.includes('://') ? [attachment.cover] : []
  return [attachment.type === 'miniprogram' ? attachment.cover : attachment.file]
}

/** The picture among them that a customer sees, and the field that names it. */
export function attachmentPicture(
  attachment: Attachment,
): {readonly field: 'file' | 'cover'; readonly path: string} | null {
  if (attachment.type === 'image') return {field: 'file', path: attachment.file}
  if (attachment.type === 'miniprogram') return {field: 'cover', path: attachment.cover}
  if (attachment.type !== 'link' || attachment.cover === undefined || attachment.cover.includes('://')) return null
  return {field: 'cover', path: attachment.cover}
}
