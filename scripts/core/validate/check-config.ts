import type {Config} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {isZoneName} from '../model/zone.js'
import {assembleDirectory, assembleRelease} from '../release/assemble-release.js'
import {attachmentsFitThePlatform} from './attachment-rules.js'
import {audiencesMeetSomebody} from './audience-reach.js'
import {audiencesNameNoLeavers} from './audience-leavers.js'
import {channelStaffFitsOneCode, channelStaffIsActive, channelStaffMeetsSomebody} from './channel-staff.js'
import {datedTextsAreSound} from './dated-copy.js'
import {editionAllows, groupWelcomesFitThePool, noSecretsInConfig} from './edition-rules.js'
import {
  channelStatesAreUnique,
  noCirclesOfPeople,
  organizationNamesAreUnique,
  transfersDoNotOverlap,
} from './identity.js'
import {membersAreGreeted} from './greeted.js'
import {templatesSuitTheirSayers} from './people-rules.js'
import {levelsAreKnown} from './level-rules.js'
import {qrCodesAreRegistered} from './qr-rules.js'
import * as references from './references.js'
import {createChecked, type Rule} from './rule.js'
import {slotsAreReached} from './slot-rules.js'
import {slotsOfOneScheduleAgree} from './slot-overlap.js'
import {groupWelcomeTextsFit, templateTextsAreSound} from './text-rules.js'
import {successionIsShort} from './succession.js'
import {schedulesDoNotTie} from './ties.js'
import * as time from './time-rules.js'
import {linksInFactsAreRegistered, linksInTextsAreRegistered} from './url-rules.js'

/** Without these nothing can be chosen: names that lead nowhere, times that mean nothing. */
const STRUCTURE: readonly Rule[] = [
  references.schedulesNameKnownTemplates,
  references.successorTemplateExists,
  references.schedulesNameKnownCalendars,
  references.slotsNameKnownShifts,
  references.audiencesNameKnownSubjects,
  references.rulesOfOrganizationNameKnownPeople,
  references.channelsNameKnownStaff,
  references.grantsNameKnownSubjects,
  references.rostersNameKnownPeople,
  organizationNamesAreUnique,
  channelStatesAreUnique,
  noCirclesOfPeople,
  transfersDoNotOverlap,
  time.schedulesSayOneThing,
  time.slotsAreNotEmpty,
  time.calendarWordsNeedCalendar,
  time.calendarsCoverTheYear,
  time.calendarsAreReviewed,
  time.calendarDatesAreConsistent,
  time.validityIsInOrder,
  time.grantsAreInForce,
  time.rostersAreFresh,
  time.rosterDaysAreDates,
]

/** What may be said, and whether the platform takes it. */
const CONTENT: readonly Rule[] = [
  slotsOfOneScheduleAgree,
  slotsAreReached,
  schedulesDoNotTie,
  templateTextsAreSound,
  datedTextsAreSound,
  groupWelcomeTextsFit,
  attachmentsFitThePlatform,
  linksInTextsAreRegistered,
  linksInFactsAreRegistered,
  qrCodesAreRegistered,
  templatesSuitTheirSayers,
  audiencesNameNoLeavers,
  audiencesMeetSomebody,
  levelsAreKnown,
  membersAreGreeted,
  successionIsShort,
  channelStaffIsActive,
  channelStaffMeetsSomebody,
  channelStaffFitsOneCode,
  editionAllows,
  groupWelcomesFitThePool,
  noSecretsInConfig,
]

/**
 * Every finding about a configuration whose files fit their schemas. `only: 'structure'` skips what does not matter
 * for choosing. A bad time zone is reported alone with what does not need zones, since every window depends on it.
 */
export function checkConfig(config: Config, broken: ReadonlySet<string>, nowMs: number, only?: 'structure'): Remark[] {
  const sound = withSoundZones(config)
  const checked = createChecked(sound, assembleRelease(sound), assembleDirectory(sound), broken, nowMs)
  const rules = only === 'structure' ? STRUCTURE : [...STRUCTURE, ...CONTENT]
  return [...time.zonesAreIana({...checked, config}), ...rules.flatMap((rule) => rule(checked))]
}

/** Puts UTC where a zone is not one, so that the other rules can go on. */
function withSoundZones(config: Config): Config {
  const {enterprise} = config
  const schedules = [...config.schedules].map(([id, schedule]) => {
    const {timezone} = schedule.value
    return [
      id,
      timezone === undefined || isZoneName(timezone)
        ? schedule
        : {...schedule, value: {...schedule.value, timezone: 'UTC'}},
    ] as const
  })
  return {
    ...config,
    enterprise: isZoneName(enterprise.value.timezone)
      ? enterprise
      : {...enterprise, value: {...enterprise.value, timezone: 'UTC'}},
    schedules: new Map(schedules),
  }
}
