import {usesCalendar} from '../greet/day-kind.js'
import {ownValue} from '../greet/timetable.js'
import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {Release, ReleaseSchedule, ReleaseSlot} from '../model/release.js'
import type {Words} from '../model/words.js'
import type {WrittenSchedule} from '../model/written.js'
import {renderInstant, zoneOf} from '../model/zone.js'
import {append, type Checked, remark, type Rule} from './rule.js'
import {createSlotReach, isPlainlyReached, type Unreached} from './slot-reach.js'

/** Schedules that are over, and slots of the others that never decide or that nobody is on. */
export const slotsAreReached: Rule = (checked) => {
  const {config, release, nowMs} = checked
  const onShift = createShiftLookup(release, nowMs)
  const remarks: Remark[] = []
  for (const resource of config.schedules.values()) {
    const schedule = release.schedules[resource.id]
    if (!schedule || isBackwards(schedule)) continue
    if (schedule.validToMs !== undefined && schedule.validToMs <= nowMs)
      remarks.push(scheduleIsOver(resource, schedule, schedule.validToMs))
    else if (schedule.slots.length + schedule.dates.length > 0) {
      append(remarks, slotsNeverReached(resource, schedule, checked))
      append(remarks, shiftsOfNobody(resource, schedule, onShift, checked))
    }
  }
  return remarks
}

const isBackwards = ({validFromMs, validToMs}: ReleaseSchedule): boolean =>
  validFromMs !== undefined && validToMs !== undefined && validFromMs >= validToMs

function scheduleIsOver(resource: Resource<WrittenSchedule>, {timezone}: ReleaseSchedule, validToMs: number): Remark {
  const at = renderInstant(validToMs, zoneOf(timezone))
  return remark(
    resource,
    '/validTo',
    'schedule-is-over',
    'warning',
    {zh: `排班已于 ${at} 结束，不再起作用`, en: `the schedule ended at ${at} and does nothing any more`},
    {zh: '删除它，或改正 validTo', en: 'delete it, or correct validTo'},
  )
}

interface PlacedSlot {
  readonly slot: ReleaseSlot
  readonly pointer: string
  readonly entry?: ReleaseSchedule['dates'][number]
}

function* placedSlots({slots, dates}: ReleaseSchedule): Generator<PlacedSlot> {
  for (const slot of slots) yield {slot, pointer: `/slots/${slot.index}`}
  for (const [index, entry] of dates.entries())
    for (const slot of entry.slots) yield {slot, pointer: `/dates/${index}/slots/${slot.index}`, entry}
}

const WHY: Readonly<Record<Unreached, Words>> = {
  'never-starts': {
    zh: '这个时段从不开始：排班的有效期和日期里没有它要的那一天',
    en: 'this slot never starts: no such day lies within the validity and the dates of the schedule',
  },
  'always-covered': {
    zh: '轮不到这个时段：它的时间里总有更优先的时段',
    en: 'this slot never has its turn: something that goes first always covers its hours',
  },
  'nothing-valid': {
    zh: '这个时段里，它要说的模板都不在有效期，实际说的是 default',
    en: 'none of its templates is in validity while this slot runs, so the default is said instead',
  },
}

function slotsNeverReached(
  resource: Resource<WrittenSchedule>,
  schedule: ReleaseSchedule,
  {release, nowMs}: Checked,
): Remark[] {
  if (isPlainlyReached(schedule, release)) return []
  const unreached = createSlotReach(schedule, release, nowMs)
  const remarks: Remark[] = []
  for (const {slot, pointer, entry} of placedSlots(schedule)) {
    // Without a calendar, and with a range that ends before it starts, the fault is told elsewhere.
    if ((usesCalendar(slot) && schedule.calendar === undefined) || (entry && entry.first > entry.last)) continue
    if (namesUnknown(slot, release)) continue
    const why = unreached(slot, entry)
    if (why === undefined) continue
    remarks.push(
      remark(resource, pointer, 'slot-never-reached', 'warning', WHY[why], {
        zh: '改正它的 days、起止、日期或有效期；不需要就删掉',
        en: 'correct its days, its hours, the dates or the validity, or delete it',
      }),
    )
  }
  return remarks
}

const namesUnknown = ({says}: ReleaseSlot, {templates}: Release): boolean =>
  says !== 'silent' && says.some((id) => templates[id] === undefined)

/** Who is on a shift at all, in lower case; undefined where no fresh roster has the shift, or where days are missing. */
type ShiftLookup = (shift: string, entry: PlacedSlot['entry']) => ReadonlySet<string> | undefined

function createShiftLookup({rosters}: Release, nowMs: number): ShiftLookup {
  const found = new Map<string, ReadonlySet<string> | undefined>()
  const find: ShiftLookup = (shift, entry) => {
    const having = Object.values(rosters).filter(({shifts}) => ownValue(shifts, shift) !== undefined)
    if (having.length === 0 || having.some(({staleAfterMs}) => nowMs > staleAfterMs)) return undefined
    const days = having.flatMap((roster) =>
      Object.entries(roster.days).filter(([date]) => !entry || (date >= entry.first && date <= entry.last)),
    )
    if (entry && days.length === 0) return undefined
    return new Set(days.flatMap(([, shifts]) => (ownValue(shifts, shift) ?? []).map((id) => id.toLowerCase())))
  }
  return (shift, entry) => {
    const key = JSON.stringify([shift, entry?.first, entry?.last])
    if (!found.has(key)) found.set(key, find(shift, entry))
    return found.get(key)
  }
}

function shiftsOfNobody(
  resource: Resource<WrittenSchedule>,
  schedule: ReleaseSchedule,
  onShift: ShiftLookup,
  {coverage, directory}: Checked,
): Remark[] {
  const remarks: Remark[] = []
  for (const {slot, pointer, entry} of placedSlots(schedule)) {
    const rostered = slot.shift === undefined ? undefined : onShift(slot.shift, entry)
    const members = rostered ? coverage.membersOf(resource.id) : []
    // An audience without members has its own finding; who is moved for a time may take the shift there.
    if (!rostered || members.length === 0 || members.some(({id}) => rostered.has(id.toLowerCase()))) continue
    if (directory.transfers.some(({member}) => rostered.has(member.toLowerCase()))) continue
    remarks.push(
      remark(
        resource,
        `${pointer}/shift`,
        'slot-meets-nobody',
        'warning',
        {
          zh: `班表里，范围内没有人上「${slot.shift}」，这个时段不会被用到`,
          en: `nobody of the audience is on the shift "${slot.shift}" in the roster, so this slot is never used`,
        },
        {zh: '核对班表和班次名，或删掉这个时段', en: "check the roster and the shift's name, or delete the slot"},
      ),
    )
  }
  return remarks
}
