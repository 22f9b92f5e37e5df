import type {WrittenTemplate} from './written.js'

/** Every text of a template that a customer may read. */
export function writtenTexts(value: WrittenTemplate): {readonly pointer: string; readonly text: string}[] {
  return [
    {pointer: '/text', text: value.text},
    ...(value.fallback === undefined ? [] : [{pointer: '/fallback', text: value.fallback}]),
    ...(value.attachments ?? []).flatMap((attachment, index) => {
      const at = `/attachments/${index}`
      if (attachment.type === 'link')
        return [
          {pointer: `${at}/title`, text: attachment.title},
          {pointer: `${at}/description`, text: attachment.description ?? ''},
        ]
      if (attachment.type === 'miniprogram') return [{pointer: `${at}/title`, text: attachment.title}]
      return attachment.type === 'file' && attachment.name ? [{pointer: `${at}/name`, text: attachment.name}] : []
    }),
  ]
}

/** Whether one of {@link writtenTexts} is such a text; makes nothing. */
export function someWritten(
  {text, fallback, attachments = []}: WrittenTemplate,
  isSuch: (text: string) => boolean,
): boolean {
  if (isSuch(text) || (fallback !== undefined && isSuch(fallback))) return true
  for (const attachment of attachments) {
    if ('title' in attachment && isSuch(attachment.title)) return true
    if (attachment.type === 'link' && attachment.description !== undefined && isSuch(attachment.description))
      return true
    if (attachment.type === 'file' && attachment.name !== undefined && isSuch(attachment.name)) return true
  }
  return false
}
