import {admit, shareOfBudget} from '../core/canary/admit.js'
import {armOf} from '../core/canary/arm.js'
import type {Arm} from '../core/model/outcome.js'
import type {CanaryShare} from '../core/model/release.js'
import type {Log, OwnDisk} from './ports.js'
import type {ShareKeeper} from './share-keeper.js'

interface Placed {
  readonly arm: Arm
  readonly diverted: boolean
}

/**
 * Who has heard which canary, remembered on disk before anything is said, so that a restart forgets nobody. Responders that
 * share their state share one budget; others each have their part of it.
 */
export class ExposureBook {
  private readonly peopleOf = new Map<string, Promise<Set<string>>>()

  constructor(
    private readonly disk: Pick<OwnDisk, 'readExposed' | 'appendExposed'>,
    private readonly log: Log,
    private readonly responders: number,
    private readonly share: Pick<ShareKeeper, 'isLost' | 'admitExposed'>,
  ) {}

  /** @param customer the id the share is drawn on @param person its keyed hash, which is what is remembered */
  async place(customer: string, person: string, canary: CanaryShare): Promise<Placed> {
    const drawn = armOf(customer, canary)
    if (drawn === 'stable') return {arm: drawn, diverted: false}
    try {
      return await this.placeDrawn(person, canary)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.log.error({reason}, 'the canary budget cannot be kept on disk; the stable release is said instead')
      return {arm: 'stable', diverted: true}
    }
  }

  private async placeDrawn(person: string, canary: CanaryShare): Promise<Placed> {
    const name = `${canary.digest}:${canary.salt}`
    const people = await this.read(name)
    if (this.share.isLost !== null) return this.placeShared(name, person, people, canary)
    const maxPeople = shareOfBudget(canary.maxPeople, this.responders)
    const {arm, diverted, counts} = admit('canary', person, {people, maxPeople})
    if (counts) {
      // Counted before the write ends, so that two events at once cannot both take the last place.
      people.add(person)
      await this.disk.appendExposed(name, person)
    }
    return {arm, diverted}
  }

  /** Who cannot be asked about hears the stable release, unless he has heard the other one here. */
  private async placeShared(
    name: string,
    person: string,
    people: Set<string>,
    {maxPeople}: CanaryShare,
  ): Promise<Placed> {
    if (people.has(person)) return {arm: 'canary', diverted: false}
    if ((await this.share.admitExposed(name, person, maxPeople)) !== true) return {arm: 'stable', diverted: true}
    people.add(person)
    await this.disk.appendExposed(name, person)
    return {arm: 'canary', diverted: false}
  }

  private read(name: string): Promise<Set<string>> {
    const known = this.peopleOf.get(name)
    if (known !== undefined) return known
    const reading = this.disk.readExposed(name).then((people) => new Set(people))
    this.peopleOf.set(name, reading)
    // A book that could not be read is tried again with the next customer.
    reading.catch(() => this.peopleOf.delete(name))
    return reading
  }
}
