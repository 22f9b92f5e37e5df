/** Something in the store that could not be trusted and was passed over. */
export interface Damage {
  /** Name inside the store, never a path of the machine. */
  readonly what: string
  readonly why: string
}

export type OnDamage = (damage: Damage) => void
