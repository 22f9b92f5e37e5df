// Bundles the command with code splitting, so that each verb loads only what it needs, and with schema validators
// compiled ahead of time (compiling them costs 60–110 ms in every process).
import {mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {fileURLToPath, pathToFileURL} from 'node:url'
import * as esbuild from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = fileURLToPath(new URL('../.build/', import.meta.url))
const COMPILER = 'scripts/core/load/schema-validators.ts'

/** Loads the TypeScript module that knows the schemas; ajv stays outside, since its code generator must be the same copy. */
async function loadSchemaModule() {
  const outfile = `${OUT}schema-module-${process.pid}.mjs`
  await esbuild.build({
    entryPoints: [COMPILER],
    absWorkingDir: ROOT,
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile, {force: true})
  }
}

// Some packages are CommonJS inside and ask for what modules do not have.
const COMMON_JS =
  "import {createRequire as __createRequire} from 'node:module';import {fileURLToPath as __toPath} from 'node:url';" +
  'const require=__createRequire(import.meta.url),__filename=__toPath(import.meta.url),__dirname=__toPath(new URL(".",import.meta.url));'

async function standaloneValidators() {
  const [{createSchemaAjv, SCHEMAS}, {default: standalone}] = await Promise.all([
    loadSchemaModule(),
    import('ajv/dist/standalone/index.js'),
  ])
  const ajv = createSchemaAjv({source: true, esm: true})
  const names = Object.fromEntries(Object.keys(SCHEMAS).map((kind) => [`validate_${kind.replace('-', '_')}`, kind]))
  const generate = standalone.default ?? standalone
  const code = generate(ajv, names)
  const table = Object.entries(names)
    .map(([name, kind]) => `${JSON.stringify(kind)}:${name}`)
    .join(',')
  return `${code}\nconst validators={${table}};\nexport const schemaValidator=(kind)=>validators[kind];\n`
}

/** Puts the compiled validators in the place of the module that would compile them at start. */
const aheadOfTime = {
  name: 'ahead-of-time-validators',
  setup({onLoad}) {
    onLoad({filter: /core[\\/]load[\\/]schema-validators\.ts$/}, async () => ({
      contents: await standaloneValidators(),
      loader: 'js',
      resolveDir: ROOT,
    }))
  },
}

/** commander asks for node:child_process at start (3 ms in every process) to run commands that are files; ours are not. */
const childProcessWhenAsked = {
  name: 'child-process-when-asked',
  setup({onLoad, onResolve}) {
    onResolve({filter: /^node:child_process$/}, ({importer}) =>
      /[\\/]commander[\\/]/.test(importer) ? {path: 'child-process', namespace: 'when-asked'} : undefined,
    )
    onLoad({filter: /^child-process$/, namespace: 'when-asked'}, () => ({
      contents: `exports.spawn = (...args) => require('node:child_process').spawn(...args)`,
      resolveDir: ROOT,
    }))
  },
}

/** What every bundle of the project shares; the bench bundles its own programs with it, so that they compare fairly. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  outExtension: {'.js': '.mjs'},
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  banner: {js: COMMON_JS},
  plugins: [aheadOfTime, childProcessWhenAsked],
}

/** Whole or not at all: several first starts may build side by side, and each may read what another writes. */
function writeWhole(file, contents) {
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, contents)
  renameSync(temporary, file)
}

export async function build() {
  const {metafile, outputFiles} = await esbuild.build({
    ...BUNDLE_OPTIONS,
    entryPoints: {cli: 'scripts/cli.ts'},
    outdir: OUT,
    metafile: true,
    write: false,
  })
  mkdirSync(OUT, {recursive: true})
  // Chunks are named by their content; the entry that names them comes last.
  const entryLast = [...outputFiles].sort(
    (a, b) => Number(a.path.endsWith('cli.mjs')) - Number(b.path.endsWith('cli.mjs')),
  )
  for (const {path, contents} of entryLast) writeWhole(path, contents)
  const sources = Object.keys(metafile.inputs).filter(
    (file) => !file.startsWith('node_modules/') && !file.includes(':'),
  )
  writeWhole(
    `${OUT}inputs.json`,
    JSON.stringify([...sources, COMPILER, 'scripts/build.mjs', 'package-lock.json'].sort()),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
