import type {Config} from '../model/config.js'
import type {Lock} from '../model/lock.js'
import {dangerLock} from './danger-lock.js'
import {newAddressesOf, newProgramsOf} from './link-dangers.js'
import type {Registry} from './registry.js'
import type {UnitPair} from './shown-units.js'

/** A host or mini-program that the change registers and uses at once: nobody would look at the registration by itself. */
export function registryDangers(units: readonly UnitPair[], head: Config, before: Registry, after: Registry): Lock[] {
  const uses = units.flatMap((unit) => usesOf(unit, before, after))
  return [...new Set(uses.map(({name}) => name))].sort().map((name) => {
    const places = uses.filter((use) => use.name === name).map(({place}) => place)
    const entry = {file: head.links.file, pointer: entryOf(name, head), before: null, after: name}
    return dangerLock('links', 'registry-change-needs-own-pr', [entry, ...places], {
      zh: `${name} 在同一次改动里登记并使用`,
      en: `${name} is registered and used in one change`,
    })
  })
}

interface Use {
  readonly name: string
  readonly place: Lock['places'][number]
}

function usesOf({before: was, after: is}: UnitPair, before: Registry, after: Registry): Use[] {
  if (!is) return []
  const {file} = is
  const hosts = newAddressesOf(was, is).flatMap(({written, pointer, replaced}) => {
    const host = URL.canParse(written) ? new URL(written).hostname : ''
    const isGained = after.hasHost(host) && !before.hasHost(host)
    return isGained ? [{name: host, place: {file, pointer, before: replaced, after: written}}] : []
  })
  const programs = newProgramsOf(was, is)
    .filter(({appid}) => after.hasProgram(appid) && !before.hasProgram(appid))
    .map(({appid, pointer}) => ({name: appid, place: {file, pointer, before: null, after: appid}}))
  return [...hosts, ...programs]
}

function entryOf(name: string, {links}: Config): string {
  const {hosts = [], miniprograms = []} = links.value
  const host = hosts.findIndex((entry) => entry.host.toLowerCase() === name)
  return host >= 0
    ? `/hosts/${host}/host`
    : `/miniprograms/${miniprograms.findIndex(({appid}) => appid === name)}/appid`
}
