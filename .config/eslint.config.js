import tseslint from 'typescript-eslint'

export default tseslint.config(
  {ignores: ['**/node_modules/**', '.build/**', '.bench/**', 'coverage/**', '**/written.ts']},
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname + '/..'}},
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // Ports are objects of plain functions: nothing in them has a `this` to lose, and some answer at once.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_'}],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSAsExpression > TSUnknownKeyword.typeAnnotation + TSAsExpression',
          message: 'narrow the type instead of casting twice',
        },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Ready-made matchers of jest return any-typed values on purpose.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {files: ['**/*.{js,mjs}'], ...tseslint.configs.disableTypeChecked},
)
