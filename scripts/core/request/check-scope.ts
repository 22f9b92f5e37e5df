import picomatch from 'picomatch'
import {ancestry} from '../greet/member-context.js'
import type {Config} from '../model/config.js'
import {offer, type Say, shown} from './complain.js'
import type {Answered} from './read-form.js'

const MOST_ENTRIES = 50
const LONGEST_PATTERN = 200

/** One entry a line, or several with commas; bullets and code marks around them are nobody's meaning. */
const entriesOf = (answered: Answered | undefined): string[] =>
  (answered?.text ?? '')
    .split(/[\n,，、]/)
    .map((line) =>
      line
        .replace(/^\s*[-*]\s+/, '')
        .replaceAll('`', '')
        .trim(),
    )
    .filter((line) => line !== '')
    .slice(0, MOST_ENTRIES)

/** Patterns below `config/`. One that could reach outside, or that names no kind of file there, is refused. */
export function checkFiles(answered: Answered | undefined, kinds: readonly string[], say: Say): string[] {
  return entriesOf(answered).flatMap((entry) => {
    const pattern = entry.replace(/^config\//, '')
    if (isOutside(pattern)) {
      say(
        '范围文件',
        'glob-stays-inside',
        {
          zh: `「${shown(entry)}」不是 config/ 之内的文件模式`,
          en: `"${shown(entry)}" is no pattern of files inside config/`,
        },
        {zh: '例如 templates/south/**', en: 'write for example templates/south/**'},
      )
      return []
    }
    if (!kinds.some((kind) => reaches(pattern, kind))) {
      say(
        '范围文件',
        'glob-names-a-kind',
        {zh: `「${shown(entry)}」不会对上任何配置文件`, en: `"${shown(entry)}" can match no file of the configuration`},
        offer(
          pattern.split('/')[0] ?? '',
          kinds.map((kind) => kind.replace(/\/$/, '')),
        ),
      )
      return []
    }
    return [pattern]
  })
}

const isOutside = (pattern: string): boolean =>
  pattern.length > LONGEST_PATTERN ||
  /^[/!~]|^[a-z]:/i.test(pattern) ||
  /[\\\p{Cc}]/u.test(pattern) ||
  // Braces and alternatives can hide a step upwards from whoever looks at the parts.
  pattern.includes('..')

/** `templates/` is reached by a pattern whose first part matches it; a single file by one that matches its name. */
function reaches(pattern: string, kind: string): boolean {
  const [first = '', ...rest] = pattern.split('/')
  const isFolder = kind.endsWith('/')
  if (first.includes('**')) return true
  if (isFolder !== rest.length > 0) return false
  return picomatch(first, {dot: true, nonegate: true})(kind.replace(/\/$/, ''))
}

/** Departments that exist, listed or by somebody who is in or below them. */
export function checkDepartments(answered: Answered | undefined, {organization}: Config, say: Say): string[] {
  const {departments = [], members = []} = organization.value
  const paths = [...departments.map(({path}) => path), ...members.flatMap((member) => member.departments)]
  const known = new Set(paths.flatMap(ancestry))
  return entriesOf(answered).filter((path) => {
    if (known.has(path)) return true
    say(
      '范围部门',
      'department-exists',
      {zh: `没有部门「${shown(path)}」`, en: `there is no department "${shown(path)}"`},
      offer(path, known),
    )
    return false
  })
}
