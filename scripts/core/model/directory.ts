/** A member as a decision sees him: the mirror of `organization.yaml`, overlaid with what WeCom says live. */
export interface Member {
  readonly id: string
  /** Department paths; the first is the main one. */
  readonly departments: readonly string[]
  readonly roles: readonly string[]
  readonly attributes: Readonly<Record<string, string | number>>
  readonly status: 'active' | 'disabled' | 'left'
  /** Epoch milliseconds; only for `left`. Before it the member still greets with his own text. */
  readonly leftAtMs?: number
  readonly leader?: string
  readonly successor?: string
  readonly displayName?: string
  readonly number?: string
  readonly facts: Readonly<Record<string, string>>
}

/** A temporary transfer replaces the main department in `[fromMs, untilMs)`. */
export interface Transfer {
  readonly member: string
  readonly to: string
  readonly fromMs: number
  readonly untilMs: number
}

/** Everybody a decision may be about. Content-addressed beside the release, since it changes without a pull request. */
export interface Directory {
  readonly members: readonly Member[]
  readonly transfers: readonly Transfer[]
}
