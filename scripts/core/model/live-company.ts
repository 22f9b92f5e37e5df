/** The company as WeCom shows it to the app now; what the app may not see is absent or named in `refused`. */
export interface LiveCompany {
  readonly departments: readonly LiveDepartment[]
  readonly members: readonly LiveMember[]
  /** Names of the member tags whose holders are all known. */
  readonly tags: readonly string[]
  /** Of the members asked about, whom WeCom does not know any more. */
  readonly gone: readonly string[]
  /** What was not shown, as `user/list 60011`. */
  readonly refused: readonly string[]
}

export interface LiveDepartment {
  readonly id: number
  /** Names from the topmost visible department down. */
  readonly path: string
  readonly leader?: string
}

export interface LiveMember {
  readonly id: string
  readonly name: string
  readonly departmentIds: readonly number[]
  readonly mainDepartmentId: number
  readonly leader?: string
  readonly status?: 'active' | 'disabled' | 'inactive' | 'left'
  readonly tags: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}
