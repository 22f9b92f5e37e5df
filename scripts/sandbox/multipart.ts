/** The one uploaded file of a multipart/form-data body (RFC 7578). The body is already bounded in size by the server. */
export interface UploadedFile {
  field: string
  fileName: string
  contentType: string
  bytes: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')

/** Finds the first part that carries a filename and is named `field`; undefined when the body is not such a form. */
export function parseUploadedFile(body: Buffer, contentType: string, field: string): UploadedFile | undefined {
  const boundary = /^multipart\/form-data;.*?boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  const mark = boundary?.[1] ?? boundary?.[2]
  if (mark === undefined) return undefined
  const delimiter = Buffer.from(`--${mark}`)
  const next = Buffer.from(`\r\n--${mark}`)
  let start = body.indexOf(delimiter)
  while (start >= 0) {
    const headStart = start + delimiter.length
    const headEnd = body.indexOf(HEAD_END, headStart)
    const end = headEnd < 0 ? -1 : body.indexOf(next, headEnd + HEAD_END.length - 2)
    if (headEnd < 0 || end < 0) return undefined
    const head = parsePartHead(body.subarray(headStart, headEnd).toString('utf8'))
    if (head?.field === field) return {...head, bytes: body.subarray(Math.min(headEnd + HEAD_END.length, end), end)}
    start = end + 2
  }
  return undefined
}

function parsePartHead(text: string): Omit<UploadedFile, 'bytes'> | undefined {
  const lines = text.split('\r\n')
  const disposition = lines.find((line) => /^content-disposition:/i.test(line)) ?? ''
  const field = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1]
  const fileName = /[;\s]filename="([^"]*)"/i.exec(disposition)?.[1]
  if (field === undefined || fileName === undefined) return undefined
  const type = lines.find((line) => /^content-type:/i.test(line))
  return {field, fileName, contentType: type?.slice('content-type:'.length).trim() ?? 'application/octet-stream'}
}
