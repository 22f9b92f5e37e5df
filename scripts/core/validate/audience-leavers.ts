import {isLeaver} from '../greet/member-context.js'
import {eachOf, remark, type Rule} from './rule.js'

export const audiencesNameNoLeavers: Rule = ({config, people, nowMs}) =>
  [...config.schedules.values()].flatMap((schedule) =>
    eachOf(schedule.value.audience.members, '/audience/members').flatMap(({value, pointer}) => {
      const member = people.find(value)
      return member && isLeaver(member, nowMs)
        ? [
            remark(
              schedule,
              pointer,
              'audience-names-active-members',
              'warning',
              {zh: `${value} 已离职或停用`, en: `${value} has left or is disabled`},
              {zh: '从范围里去掉', en: 'take him out of the audience'},
            ),
          ]
        : []
    }),
  )
