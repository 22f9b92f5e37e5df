import {createHolidayCalendar, usesCalendar} from '../greet/day-kind.js'
import {isReviewed} from '../model/calendar-review.js'
import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {isDate, parseInstant, parseTimeOfDay} from '../model/instant.js'
import type {WrittenSchedule, WrittenSlot} from '../model/written.js'
import {isZoneName, zoneOf} from '../model/zone.js'
import {datesBetween, grantWindow} from '../release/assemble-release.js'
import {remark, type Rule} from './rule.js'

const DAY_MS = 86_400_000
/** State Council notices come in November; from here on a missing year refuses. */
const CALENDAR_NOTICE_DAYS = 60

export const zonesAreIana: Rule = ({config}) => {
  const written = [
    {resource: config.enterprise, zone: config.enterprise.value.timezone},
    ...[...config.schedules.values()].map((resource) => ({resource, zone: resource.value.timezone})),
  ]
  return written
    .filter(({zone}) => zone !== undefined && !isZoneName(zone))
    .map(({resource, zone}) =>
      remark(
        resource,
        '/timezone',
        'timezone-is-iana',
        'error',
        {zh: `「${zone}」不是 IANA 时区名`, en: `"${zone}" is not an IANA time zone`},
        {
          zh: '写作 地区/城市，例如 Asia/Shanghai、America/Los_Angeles、Europe/Berlin，或 UTC',
          en: 'write Area/City, such as Asia/Shanghai, America/Los_Angeles, Europe/Berlin, or UTC',
        },
      ),
    )
}

/** Exactly one of template, mode, slots; a default with slots; `inherit` only for channels. */
export const schedulesSayOneThing: Rule = ({config}) => [...config.schedules.values()].flatMap(shapeOf)

function shapeOf(schedule: Resource<WrittenSchedule>): Remark[] {
  const {template, mode, slots, dates, audience} = schedule.value
  const hasSlots = slots !== undefined || dates !== undefined
  const ways = [template !== undefined, mode !== undefined, hasSlots].filter(Boolean).length
  const remarks: Remark[] = []
  if (ways !== 1)
    remarks.push(
      remark(
        schedule,
        '',
        'schedule-says-one-thing',
        'error',
        ways === 0
          ? {zh: '没有写明说什么', en: 'nothing says what is said'}
          : {zh: 'template、mode、slots 只能写一种', en: 'only one of template, mode and slots may stand here'},
        {
          zh: '写 template，或 slots 加 default，或 mode: silent',
          en: 'write template, or slots with default, or mode: silent',
        },
      ),
    )
  if (hasSlots && schedule.value.default === undefined)
    remarks.push(
      remark(
        schedule,
        '',
        'schedule-no-default',
        'error',
        {zh: '有时段而没有 default', en: 'there are slots but no default'},
        {
          zh: '补上 default：时段之外说什么（模板编号或 silent）',
          en: 'add default: what is said outside the slots (a template id or silent)',
        },
      ),
    )
  if (mode === 'inherit' && (audience.channels ?? []).length === 0)
    remarks.push(
      remark(
        schedule,
        '/mode',
        'inherit-needs-channels',
        'error',
        {zh: 'mode: inherit 只能用于渠道', en: 'mode: inherit is only for channels'},
        {
          zh: '在 audience 里写 channels，或改用 template、silent',
          en: 'name channels in the audience, or use template or silent',
        },
      ),
    )
  return remarks
}

const slotsOf = ({value}: Resource<WrittenSchedule>): {readonly slot: WrittenSlot; readonly pointer: string}[] => [
  ...(value.slots ?? []).map((slot, index) => ({slot, pointer: `/slots/${index}`})),
  ...(value.dates ?? []).flatMap(({slots}, day) =>
    slots.map((slot, index) => ({slot, pointer: `/dates/${day}/slots/${index}`})),
  ),
]

export const slotsAreNotEmpty: Rule = ({config}) => [
  ...[...config.schedules.values()].flatMap((schedule) =>
    slotsOf(schedule).flatMap(({slot, pointer}) => emptyWindow(schedule, pointer, slot.from, slot.to)),
  ),
  ...[...config.rosters.values()].flatMap((roster) =>
    Object.entries(roster.value.shifts).flatMap(([name, {from, to}]) =>
      emptyWindow(roster, `/shifts/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, from, to),
    ),
  ),
]

function emptyWindow(
  resource: Pick<Resource<unknown>, 'file'>,
  pointer: string,
  from: string | undefined,
  to: string | undefined,
): Remark[] {
  if (from === undefined || to === undefined || parseTimeOfDay(from) !== parseTimeOfDay(to)) return []
  return [
    remark(
      resource,
      `${pointer}/to`,
      'slot-empty',
      'error',
      {zh: `起止相同（${from}），时段为空`, en: `the slot starts and ends at ${from}, so it is empty`},
      {zh: '全天请写 "00:00" 到 "24:00"', en: 'for the whole day write "00:00" to "24:00"'},
    ),
  ]
}

export const calendarWordsNeedCalendar: Rule = ({config}) =>
  [...config.schedules.values()].flatMap((schedule) => {
    const first = slotsOf(schedule).find(({slot}) => usesCalendar(slot))
    if (!first || schedule.value.calendar !== undefined) return []
    return [
      remark(
        schedule,
        `${first.pointer}/days`,
        'calendar-is-named',
        'error',
        {
          zh: '用了 workday/weekend/holiday 而没有写 calendar',
          en: 'workday, weekend or holiday is used but no calendar is named',
        },
        {zh: '补上 calendar: cn（calendars/ 下的文件名）', en: 'add calendar: cn (a file under calendars/)'},
      ),
    ]
  })

/** A year without rows refuses from 60 days before it begins, for every schedule in validity that asks it. */
export const calendarsCoverTheYear: Rule = ({config, nowMs}) =>
  [...config.schedules.values()].flatMap((schedule) => {
    const {calendar, validFrom, validTo} = schedule.value
    const years = calendar === undefined ? undefined : config.calendars.get(calendar)?.value.years
    const asks = slotsOf(schedule).some(({slot}) => usesCalendar(slot))
    const name = schedule.value.timezone ?? config.enterprise.value.timezone
    if (!years || !asks || !isZoneName(name)) return []
    const zone = zoneOf(name)
    const fromMs = Math.max(nowMs, validFrom ? parseInstant(validFrom) : nowMs)
    const untilMs = Math.min(
      nowMs + CALENDAR_NOTICE_DAYS * DAY_MS,
      validTo ? parseInstant(validTo) - 1 : Number.POSITIVE_INFINITY,
    )
    if (fromMs > untilMs) return []
    const asked = new Set([fromMs, untilMs].map((ms) => zone.localTime(ms).date.slice(0, 4)))
    return [...asked]
      .filter((year) => !Object.hasOwn(years, year))
      .map((year) =>
        remark(
          schedule,
          '/calendar',
          'calendar-year-missing',
          'error',
          {
            zh: `日历 ${calendar} 没有 ${year} 年，无法判断工作日和节假日`,
            en: `calendar ${calendar} has no rows for ${year}, so workdays and holidays cannot be told`,
          },
          {
            zh: `运行 yingbin calendar --year ${year} --into calendars/${calendar}.yaml --write，与国务院办公厅的通知核对，由第二人写上 reviewedBy`,
            en: `run yingbin calendar --year ${year} --into calendars/${calendar}.yaml --write, compare it with the official notice, and let a second person sign it as reviewedBy`,
          },
        ),
      )
  })

/**
 * A year nobody has reviewed refuses from 60 days before it begins until it ends, in the zone where it begins first of
 * those that ask this calendar; earlier it is a warning.
 */
export const calendarsAreReviewed: Rule = ({config, nowMs}) =>
  [...config.calendars.values()].flatMap((calendar) => {
    const zones = [
      config.enterprise.value.timezone,
      ...[...config.schedules.values()].flatMap(({value}) =>
        value.calendar === calendar.id && value.timezone !== undefined ? [value.timezone] : [],
      ),
    ].filter(isZoneName)
    const yearAt = (ms: number): string[] => zones.map((name) => zoneOf(name).localTime(ms).date.slice(0, 4))
    const [now, soon] = [yearAt(nowMs), yearAt(nowMs + CALENDAR_NOTICE_DAYS * DAY_MS)]
    return Object.entries(calendar.value.years)
      .filter(([year, rows]) => !isReviewed(rows) && now.some((current) => year >= current))
      .map(([year]) =>
        remark(
          calendar,
          `/years/${year}/reviewedBy`,
          'calendar-not-reviewed',
          soon.some((reached) => year <= reached) ? 'error' : 'warning',
          {zh: `日历 ${calendar.id} 的 ${year} 年尚未复核`, en: `${year} of calendar ${calendar.id} is not reviewed`},
          {
            zh: '与国务院办公厅的通知逐日核对，再由复核人把 reviewedBy 改成自己',
            en: 'compare it with the official notice day by day; then the reviewer puts himself as reviewedBy',
          },
        ),
      )
  })

export const calendarDatesAreConsistent: Rule = ({config}) =>
  [...config.calendars.values()].flatMap((calendar) =>
    Object.entries(calendar.value.years).flatMap(([year, rows]) => {
      const holidays = rows.holidays.flatMap((days, index) =>
        (typeof days === 'string' ? [days] : days).map((date) => ({date, pointer: `/years/${year}/holidays/${index}`})),
      )
      const workdays = rows.workdays.map((date, index) => ({date, pointer: `/years/${year}/workdays/${index}`}))
      const inRange = createHolidayCalendar({
        [year]: {
          holidays: rows.holidays.flatMap((days) =>
            typeof days === 'string' ? [days] : datesBetween(days[0] ?? '', days[1] ?? ''),
          ),
          workdays: [],
        },
      })
      return [
        ...[...holidays, ...workdays]
          .filter(({date}) => !date.startsWith(`${year}-`))
          .map(({date, pointer}) =>
            remark(
              calendar,
              pointer,
              'calendar-date-in-its-year',
              'error',
              {zh: `${date} 写在了 ${year} 年下`, en: `${date} stands under ${year}`},
              {zh: '移到它所在的年份', en: 'move it under its own year'},
            ),
          ),
        ...rows.holidays.flatMap((days, index) =>
          typeof days !== 'string' && (days[0] ?? '') > (days[1] ?? '')
            ? [
                remark(
                  calendar,
                  `/years/${year}/holidays/${index}`,
                  'range-is-in-order',
                  'error',
                  {zh: '起止颠倒', en: 'the range ends before it starts'},
                  {zh: '写作 [首日, 末日]', en: 'write [first, last]'},
                ),
              ]
            : [],
        ),
        ...workdays
          .filter(({date}) => inRange.kindOf(date).holiday)
          .map(({date, pointer}) =>
            remark(
              calendar,
              pointer,
              'calendar-date-is-one-kind',
              'error',
              {zh: `${date} 既是节假日又是调休上班日`, en: `${date} is both a holiday and a make-up workday`},
              {zh: '只保留一种', en: 'keep one of them'},
            ),
          ),
      ]
    }),
  )

export const validityIsInOrder: Rule = ({config}) => [
  ...[...config.templates.values(), ...config.schedules.values()].flatMap((resource) => {
    const {validFrom, validTo} = resource.value
    return validFrom !== undefined && validTo !== undefined && parseInstant(validFrom) >= parseInstant(validTo)
      ? [
          remark(
            resource,
            '/validTo',
            'window-is-not-empty',
            'error',
            {zh: 'validTo 不晚于 validFrom，永远不会生效', en: 'validTo is no later than validFrom, so it never holds'},
            {zh: '改正起止', en: 'correct the window'},
          ),
        ]
      : []
  }),
  ...[...config.schedules.values()].flatMap((schedule) =>
    (schedule.value.dates ?? []).flatMap(({range}, index) =>
      range && (range[0] ?? '') > (range[1] ?? '')
        ? [
            remark(
              schedule,
              `/dates/${index}/range`,
              'range-is-in-order',
              'error',
              {zh: '起止颠倒', en: 'the range ends before it starts'},
              {zh: '写作 [首日, 末日]', en: 'write [first, last]'},
            ),
          ]
        : [],
    ),
  ),
]

export const grantsAreInForce: Rule = ({config, nowMs}) => {
  if (!isZoneName(config.enterprise.value.timezone)) return []
  return config.grants.flatMap((grant) => {
    const {fromMs, untilMs} = grantWindow(grant, config.enterprise.value.timezone)
    const at = `/${grant.index}/until`
    if (fromMs !== undefined && fromMs >= untilMs)
      return [
        remark(
          grant,
          at,
          'window-is-not-empty',
          'error',
          {zh: 'until 早于 from', en: 'until is before from'},
          {zh: '改正起止', en: 'correct the window'},
        ),
      ]
    return untilMs <= nowMs
      ? [
          remark(
            grant,
            at,
            'grant-expired',
            'warning',
            {
              zh: `授权（工单 ${grant.value.ticket}）已于 ${grant.value.until} 到期`,
              en: `the grant (ticket ${grant.value.ticket}) expired on ${grant.value.until}`,
            },
            {zh: '删除它，或凭新工单延长', en: 'remove it, or extend it on a new ticket'},
          ),
        ]
      : []
  })
}

export const rostersAreFresh: Rule = ({config, release, nowMs}) =>
  [...config.rosters.values()].flatMap((roster) =>
    nowMs > (release.rosters[roster.id]?.staleAfterMs ?? Number.POSITIVE_INFINITY)
      ? [
          remark(
            roster,
            '/importedAt',
            'roster-stale',
            'warning',
            {zh: '班表过期，按班次的时段暂不生效', en: 'the roster is stale: slots by shift do not hold'},
            {
              zh: `导入新的班表：yingbin roster --from 文件 --into ${roster.file} --write`,
              en: `import a new roster: yingbin roster --from FILE --into ${roster.file} --write`,
            },
          ),
        ]
      : [],
  )

export const rosterDaysAreDates: Rule = ({config}) =>
  [...config.rosters.values()].flatMap((roster) =>
    Object.keys(roster.value.days)
      .filter(
        (date) =>
          !isDate(date) ||
          new Date(`${date}T00:00:00Z`).toString() === 'Invalid Date' ||
          new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date,
      )
      .map((date) =>
        remark(
          roster,
          `/days/${date}`,
          'date-exists',
          'error',
          {zh: `没有 ${date} 这一天`, en: `there is no date ${date}`},
          {zh: '改正日期', en: 'correct the date'},
          true,
        ),
      ),
  )
