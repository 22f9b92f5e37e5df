import {admit, shareOfBudget} from '../core/canary/admit.js'
import {armOf} from '../core/canary/arm.js'
import type {Arm} from '../core/model/outcome.js'
import type {CanaryShare} from '../core/model/release.js'
import type {OwnDisk} from './ports.js'

export interface Admitted {
  readonly arm: Arm
  readonly diverted: boolean
}

/** Who has heard which canary, kept on disk before anything is said, so that a restart does not expose more people. */
export interface ExposureBook {
  admit(canary: CanaryShare | null, customer: string, person: string): Promise<Admitted>
}

const nameOf = ({digest, salt}: CanaryShare): string => `${digest}:${salt}`

export function createExposureBook(
  disk: Pick<OwnDisk, 'readExposed' | 'appendExposed'>,
  responders: number,
): ExposureBook {
  let open: {readonly name: string; readonly people: Promise<Set<string>>} | null = null
  const peopleOf = (name: string): Promise<Set<string>> => {
    if (open?.name !== name) open = {name, people: disk.readExposed(name).then((people) => new Set(people))}
    return open.people
  }
  return {
    async admit(canary, customer, person) {
      if (canary === null || armOf(customer, canary) === 'stable') return {arm: 'stable', diverted: false}
      const name = nameOf(canary)
      const people = await peopleOf(name)
      const {arm, diverted, counts} = admit('canary', person, {
        people,
        maxPeople: shareOfBudget(canary.maxPeople, responders),
      })
      if (counts) {
        people.add(person)
        await disk.appendExposed(name, person)
      }
      return {arm, diverted}
    },
  }
}
