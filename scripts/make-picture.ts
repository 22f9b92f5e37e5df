/** Draws the README's picture of a terminal from what `up --fresh` really prints: `.github/up.svg`. */
import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const CELL = {width: 8.4, height: 20}
const MARGIN = 20
const TITLE_HEIGHT = 34
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u

const columnsOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0)
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Runs of one width, so that every run starts in its own column whatever the font makes of wide characters. */
function drawLine(line: string, y: number): string {
  const [stage = ''] = /^[a-z-]+(?= )/.exec(line) ?? []
  let column = columnsOf(stage)
  const runs = line.slice(stage.length).match(/[\u0020-\u007e]+|[^\u0020-\u007e]/gu) ?? []
  const placed = runs.map((run) => {
    const at = column
    column += columnsOf(run)
    return run.trim() === '' ? '' : drawRun(run, at, y)
  })
  return `${stage === '' ? '' : drawRun(stage, 0, y, ' class="stage"')}${placed.join('')}`
}

function drawRun(run: string, column: number, y: number, attributes = ''): string {
  const shown = run.trimEnd()
  const width = (columnsOf(shown) * CELL.width).toFixed(1)
  return `<text x="${(MARGIN + column * CELL.width).toFixed(1)}" y="${y}" textLength="${width}"${attributes} xml:space="preserve">${escape(shown)}</text>`
}

function drawTerminal(command: string, output: string): string {
  const lines = [`$ ${command}`, ...output.trimEnd().split('\n')]
  const width = MARGIN * 2 + Math.max(...lines.map(columnsOf)) * CELL.width
  const height = TITLE_HEIGHT + MARGIN * 1.5 + lines.length * CELL.height
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, index) => `<circle cx="${22 + index * 20}" cy="17" r="6" fill="${colour}"/>`,
  )
  const body = lines.map((line, index) => drawLine(line, TITLE_HEIGHT + MARGIN + index * CELL.height))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}" width="${width.toFixed(0)}" height="${height.toFixed(0)}">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK SC",monospace;fill:#d6deeb}.stage{fill:#7fdbca;font-weight:bold}</style>
<rect width="100%" height="100%" rx="8" fill="#011627"/>${dots.join('')}
${body.join('\n')}
</svg>
`
}

const folder = mkdtempSync(join(tmpdir(), 'yingbin-picture-'))
try {
  const launcher = fileURLToPath(new URL('./launch.mjs', import.meta.url))
  const output = execFileSync(process.execPath, [launcher, 'up', '--fresh', '--folder', folder, '--lang', 'zh'], {
    encoding: 'utf8',
  })
  writeFileSync(fileURLToPath(new URL('../.github/up.svg', import.meta.url)), drawTerminal('npm start', output))
} finally {
  rmSync(folder, {recursive: true, force: true})
}
