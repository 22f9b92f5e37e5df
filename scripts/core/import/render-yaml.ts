import {Document, isCollection} from 'yaml'

/** A small configuration file as a person would write it: one field a line, lists and maps inside on one line. */
export function renderYaml(value: Readonly<Record<string, unknown>>): string {
  const document = new Document(value)
  const {contents} = document
  if (isCollection(contents))
    for (const item of contents.items)
      if (typeof item === 'object' && item !== null && 'value' in item && isCollection(item.value))
        item.value.flow = true
  return document.toString({flowCollectionPadding: false, lineWidth: 0})
}
