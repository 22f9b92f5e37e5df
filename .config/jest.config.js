// Tests import the sources as they are written: './x.js' in a .ts file means the .ts sibling.
export default {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {'^(\\.{1,2}/.*)\\.js$': '$1'},
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: {syntax: 'typescript', importAttributes: true},
          experimental: {keepImportAttributes: true},
        },
        module: {type: 'es6'},
      },
    ],
  },
  testTimeout: 60_000,
  // Many tests wait for processes of their own: a worker less would leave a core idle.
  maxWorkers: '100%',
}
