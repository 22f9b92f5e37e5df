import {isJsonObject, Refusal, type JsonObject, type JsonValue} from './wire.js'

/**
 * Typed access to a request body. Absent and null are the same; a value of the wrong type is refused with 40058.
 * One exception copied from the platform: an object field sent as an array is ignored and the successful reply says
 * "ok. Warning: wrong json format. ".
 */
export class Fields {
  constructor(
    readonly values: JsonObject,
    private readonly warn: () => void = () => undefined,
  ) {}

  has(name: string): boolean {
    const value = this.values[name]
    return value !== undefined && value !== null
  }

  text(name: string): string | undefined {
    const value = this.present(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw new Refusal(40058, `${name} exp string`)
    return value
  }

  /** A whole number. */
  integer(name: string): number | undefined {
    const value = this.present(name)
    if (value === undefined) return undefined
    if (typeof value !== 'number' || !Number.isInteger(value)) throw new Refusal(40058, `${name} exp integer`)
    return value
  }

  flag(name: string): boolean | undefined {
    const value = this.present(name)
    if (value === undefined) return undefined
    if (value === 0 || value === 1) return value === 1
    if (typeof value !== 'boolean') throw new Refusal(40058, `${name} exp bool`)
    return value
  }

  list(name: string, errcode = 40058): JsonValue[] | undefined {
    const value = this.present(name)
    if (value === undefined) return undefined
    if (!Array.isArray(value)) throw new Refusal(errcode, `${name} exp array`)
    return value
  }

  texts(name: string, errcode = 40058): string[] {
    return (this.list(name, errcode) ?? []).map((item) => {
      if (typeof item !== 'string') throw new Refusal(errcode, `${name} exp array of string`)
      return item
    })
  }

  integers(name: string, errcode = 40058): number[] {
    return (this.list(name, errcode) ?? []).map((item) => {
      if (typeof item !== 'number' || !Number.isInteger(item))
        throw new Refusal(errcode, `${name} exp array of integer`)
      return item
    })
  }

  object(name: string): Fields | undefined {
    const value = this.present(name)
    if (value === undefined) return undefined
    if (Array.isArray(value)) {
      this.warn()
      return undefined
    }
    if (!isJsonObject(value)) throw new Refusal(40058, `${name} exp object`)
    return new Fields(value, this.warn)
  }

  objects(name: string): Fields[] {
    return (this.list(name) ?? []).map((item) => {
      if (!isJsonObject(item)) throw new Refusal(40058, `${name} exp array of object`)
      return new Fields(item, this.warn)
    })
  }

  private present(name: string): JsonValue | undefined {
    return this.values[name] ?? undefined
  }
}
