/** What a comment below a pull request asks for. */
export type CommentCommand =
  | {readonly verb: 'unlock'; readonly scope: string; readonly reason: string}
  | {readonly verb: 'explain'; readonly member: string; readonly at: string; readonly state?: string}
  | {readonly verb: 'check' | 'help'}
  /** Begins like a command of ours and is none. */
  | {readonly verb: 'unknown'; readonly written: string}

const COMMAND = /^\/yingbin(?:[ \t]+([^\r\n]*))?\s*$/

/** Commands stand on a line of their own; lines inside code blocks and quotes are not commands. */
export function parseCommentCommands(body: string): CommentCommand[] {
  let isInCode = false
  const commands: CommentCommand[] = []
  for (const line of body.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) isInCode = !isInCode
    const match = isInCode ? null : COMMAND.exec(line)
    if (match) commands.push(parseWords((match[1] ?? '').trim()))
  }
  return commands
}

function parseWords(written: string): CommentCommand {
  const [verb = 'help', ...words] = written.split(/[ \t]+/).filter((word) => word !== '')
  const [first, second, third] = words
  switch (verb) {
    case 'unlock':
      return first !== undefined && words.length > 1
        ? {verb, scope: first.normalize('NFC'), reason: words.slice(1).join(' ')}
        : {verb: 'unknown', written}
    case 'explain':
      return first !== undefined && second !== undefined
        ? {verb, member: first, at: second, ...(third === undefined ? {} : {state: third})}
        : {verb: 'unknown', written}
    case 'check':
    case 'help':
      return {verb}
    default:
      return {verb: 'unknown', written}
  }
}
