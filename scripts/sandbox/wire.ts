/** What travels between the sandbox and its callers: JSON values, refusals with an errcode, and replies that are bytes. */

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A call the platform answers with an errcode. `detail` goes in front of the standard text, as WeCom does for bad fields. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly errcode: number,
    readonly detail?: string,
  ) {
    super(detail ?? `errcode ${errcode}`)
  }
}

/** A mistake of the person driving the control API; answered with a 4xx and a sentence, never with an errcode. */
export class ControlMistake extends Error {
  override readonly name = 'ControlMistake'
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message)
  }
}

/** A reply that is a file instead of JSON (media/get). */
export class BytesReply {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string,
    readonly fileName: string,
  ) {}
}

export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Characters as a person counts them: code points, so an emoji outside the BMP is one. */
export const charLength = (text: string): number => Array.from(text).length
