import type {GroupWelcomeValue} from '../model/plan.js'
import type {SeenGroupWelcome} from '../ports.js'

/** Media cannot be compared with files, so a template that has some counts as different and is edited in place. */
export function valueOfSeen({text, link}: SeenGroupWelcome): GroupWelcomeValue {
  if (!link) return {text}
  const {title, url, description, cover} = link
  return {
    text,
    attachment: {
      ...{type: 'link', title, url},
      ...(description === '' ? {} : {description}),
      ...(cover === '' ? {} : {cover: {url: cover}}),
    },
  }
}
