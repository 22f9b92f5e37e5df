import type {Attachment} from './written.js'

/** Paths of the files an attachment needs; a cover that is an address on the web needs none. */
export function attachmentFiles(attachment: Attachment): string[] {
  if (attachment.type === 'link') return attachment.cover && !attachment.cover.includes('://') ? [attachment.cover] : []
  return [attachment.type === 'miniprogram' ? attachment.cover : attachment.file]
}
