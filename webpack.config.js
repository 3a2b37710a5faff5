import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import TerserPlugin from 'terser-webpack-plugin';

const root = dirname(fileURLToPath(import.meta.url));

const swc = {
  loader: 'swc-loader',
  options: {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic' } },
    },
  },
};

const base = {
  mode: 'production',
  context: root,
  devtool: false,
  target: ['web', 'es2022'],
  resolve: { extensions: ['.ts', '.tsx', '.js'] },
  module: { rules: [{ test: /\.tsx?$/, use: swc }] },
  optimization: { minimizer: [new TerserPlugin({ minify: TerserPlugin.swcMinify, extractComments: false })] },
  performance: { hints: false },
};

export default [
  {
    ...base,
    name: 'client',
    entry: { app: './src/client/main.tsx', popup: './src/client/popup.ts' },
    output: {
      path: join(root, 'dist', 'client'),
      filename: '[name].[contenthash:12].js',
      chunkFilename: '[name].[contenthash:12].js',
      publicPath: '/assets/',
    },
    resolve: {
      ...base.resolve,
      // Messages are compiled, so the parser that react-intl would bring along has nothing to do.
      alias: { '@formatjs/icu-messageformat-parser$': '@formatjs/icu-messageformat-parser/no-parser.js' },
    },
    module: {
      rules: [
        ...base.module.rules,
        { test: /text[\\/]\w+[\\/](screens|shell)\.json$/, use: join(root, 'scripts', 'compileMessages.cjs') },
      ],
    },
  },
  {
    ...base,
    name: 'sandbox',
    entry: Object.fromEntries(
      ['teamsHost', 'phoneHost', 'outlookHost', 'outlookPhone', 'officeBefore', 'officeAfter', 'signedIn'].map(
        (name) => [name, `./src/sandbox/hosts/browser/${name}.ts`],
      ),
    ),
    output: { path: join(root, 'dist', 'sandbox'), filename: '[name].js' },
  },
];
