import type {Directory} from '../model/directory.js'

/**
 * Every department a member counts to at an instant, a transfer in force included beside what it replaces: a kill switch
 * should rather hit too much. Unknown members have none.
 */
export function createDepartmentFinder(directory: Directory): (memberId: string, atMs: number) => readonly string[] {
  const members = new Map(directory.members.map((member) => [member.id.toLowerCase(), member]))
  return (memberId, atMs) => {
    const id = memberId.toLowerCase()
    const moved = directory.transfers.filter(
      ({member, fromMs, untilMs}) => member.toLowerCase() === id && fromMs <= atMs && atMs < untilMs,
    )
    return [...(members.get(id)?.departments ?? []), ...moved.map(({to}) => to)]
  }
}
