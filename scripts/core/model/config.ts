import type {
  WrittenCalendar,
  WrittenChannel,
  WrittenEnterprise,
  WrittenFacts,
  WrittenGrant,
  WrittenGroupWelcome,
  WrittenLinks,
  WrittenOrganization,
  WrittenPolicy,
  WrittenRoles,
  WrittenRoster,
  WrittenSchedule,
  WrittenTemplate,
} from './written.js'

/** One configuration file (or one list item of it) with its id and place. */
export interface Resource<T> {
  readonly id: string
  readonly file: string
  readonly value: T
}

/** A grant keeps its index in the file, since a grant file is a list. */
export interface GrantResource extends Resource<WrittenGrant> {
  readonly index: number
}

/** A file under `config/assets/`, known by content. */
export interface Asset {
  /** Relative to the configuration folder, for example `assets/menu.png`. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  /** Found by content; `null` when the content is of no known type. */
  readonly mime: string | null
  readonly width?: number
  readonly height?: number
  /** What the QR codes in a picture say; absent where nobody has looked, and for what is no picture. */
  readonly qrCodes?: readonly string[]
  /** Why the codes of a picture are not known, or not all of them. */
  readonly qrUnread?: 'too-large' | 'unreadable' | 'too-many' | 'took-too-long'
}

/** A whole configuration whose every file fits its schema. Maps are keyed by id (Unicode NFC). */
export interface Config {
  readonly enterprise: Resource<WrittenEnterprise>
  readonly organization: Resource<WrittenOrganization>
  readonly policy: Resource<WrittenPolicy>
  readonly links: Resource<WrittenLinks>
  readonly roles: Resource<WrittenRoles>
  readonly facts: Resource<WrittenFacts>
  readonly templates: ReadonlyMap<string, Resource<WrittenTemplate>>
  readonly schedules: ReadonlyMap<string, Resource<WrittenSchedule>>
  readonly channels: ReadonlyMap<string, Resource<WrittenChannel>>
  readonly groupWelcomes: ReadonlyMap<string, Resource<WrittenGroupWelcome>>
  readonly calendars: ReadonlyMap<string, Resource<WrittenCalendar>>
  readonly rosters: ReadonlyMap<string, Resource<WrittenRoster>>
  readonly grants: readonly GrantResource[]
  readonly assets: ReadonlyMap<string, Asset>
}
