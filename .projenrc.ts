import { cdk8s, javascript } from 'projen';

/** Libraries that our code calls; they travel inside the npm package, because jsii packages cannot depend on them. */
const bundled = [
  '@bufbuild/cel@^0.6.1',
  '@bufbuild/protobuf@^2.6.2',
  '@peculiar/asn1-schema@^2.11.1',
  '@peculiar/asn1-x509@^2.11.1',
  'commander@^14.0.0',
  'js-yaml@^5.0.0',
  're2js@^2.10.0',
  'yaml@^2.9.0',
];

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-mesh',
  description: 'Service meshes in code: compose Istio, Linkerd, Consul and Gateway API from intent, and understand what any manifests do.',
  author: 'cdk8s-mesh authors',
  authorAddress: 'maintainers@cdk8s-mesh.example',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-mesh/cdk8s-mesh.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-mesh authors',
  keywords: ['cdk8s', 'kubernetes', 'service-mesh', 'istio', 'ambient', 'linkerd', 'consul', 'gateway-api', 'zero-trust'],
  defaultReleaseBranch: 'main',

  // cdk8s 2.70.0 is the oldest version that Maven, npm and PyPI all serve; the tests run on exactly these floors.
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.5.0',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  minNodeVersion: '20.16.0',
  bundledDeps: bundled,
  bin: { 'cdk8s-mesh': 'bin/cdk8s-mesh' },
  devDeps: [
    'cdk8s-plus-28@^2.5.6',
    'cdk8s-plus-33@^2.3.0',
    'cdk8s-cli@^2.207.60',
    'fast-check@^4',
  ],

  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  sampleCode: false,
  licensed: true,

  // Nothing hosted is needed to build.
  github: false,
  buildWorkflow: false,
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  vscode: false,
  clobber: false,
  docgen: false,
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    configFilePath: 'jest.config.json',
    jestConfig: {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/lang/'],
      moduleNameMapper: { '^cdk8s-mesh$': '<rootDir>/src/index.ts' },
      collectCoverage: false,
      // What was built and packed holds packages of the same names.
      modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/dist/', '<rootDir>/lib/'],
    },
  },
  // Tests import the library by its name too, as a user would.
  tsconfigDev: { compilerOptions: { paths: { 'cdk8s-mesh': ['../src/index.ts'] } } },
  eslint: true,
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'tools', 'examples', 'projenrc'], commandOptions: { fix: false } },

  publishToPypi: { distName: 'cdk8s-mesh', module: 'cdk8s_mesh' },
  publishToMaven: { javaPackage: 'io.github.cdk8smesh', mavenGroupId: 'io.github.cdk8smesh', mavenArtifactId: 'cdk8s-mesh' },
  publishToGo: { moduleName: 'github.com/cdk8s-mesh/cdk8s-mesh-go', packageName: 'cdk8smesh' },
  publishToNuget: { dotNetNamespace: 'Cdk8sMesh', packageId: 'Cdk8sMesh' },
});

// jsii never removes what it wrote before: stale files would be packed.
project.preCompileTask.exec('rm -rf lib .jsii tsconfig.tsbuildinfo');
project.compileTask.reset('jsii --silence-warnings=reserved-word --fail-on-warnings');
project.postCompileTask.exec('node tools/lazy-submodules.js lib');
project.postCompileTask.exec('ts-node --transpile-only --project tools/tsconfig.json tools/api-index.ts');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.npmignore?.addPatterns('/API.md', '/docs/', '*.log', '/examples/', '/tools/', '/bench/', '/.ci/', '/test/', '/dist/', '/out/', '/.cache/');
project.gitignore.addPatterns('/out/', '/losses.json', '*.log', '.cache/');

// unrs-resolver 1.13.0 lacks most of its optional platform packages, and `npm ci` refuses a lockfile that names them.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// The end-to-end suite on real programs, see test/e2e/README.md. Plain scripts, because its last line is its result.
project.package.setScript('lab:build', 'ts-node --transpile-only --project test/tsconfig.json test/e2e/lab/build-cli.ts');
project.package.setScript('test:e2e', 'ts-node --transpile-only --project test/tsconfig.json test/e2e/run.ts');

// Each folder of programs has a tsconfig.json of its own, which editors, eslint and the type check go by.
const programs = ['tools', 'examples'];
for (const folder of programs) {
  new javascript.TypescriptConfig(project, {
    fileName: `${folder}/tsconfig.json`,
    extends: javascript.TypescriptConfigExtends.fromTypescriptConfigs([project.tsconfig!]),
    // The examples import the library by its name, as a user would.
    compilerOptions: { noEmit: true, rootDir: '..', isolatedModules: true, paths: { 'cdk8s-mesh': ['../src/index.ts'] } },
    include: ['**/*.ts'],
    exclude: ['node_modules'],
  });
}

// So that eslint finds what those import.
project.eslint!.config.settings['import/resolver'].typescript = { alwaysTryTypes: true, noWarnOnMultipleProjects: true, project: ['./tsconfig.json', './test/tsconfig.json', ...programs.map((folder) => `./${folder}/tsconfig.json`)] };

// `npm test` installs what a fresh clone lacks, changes no file, and needs no network once that is done.
const checkTypes = project.addTask('check-types', { description: 'Type check of sources, tests and tools' });
for (const folder of ['test', ...programs]) { checkTypes.exec(`tsc --noEmit --project ${folder}/tsconfig.json`); }
project.testTask.reset();
project.testTask.exec('jest --passWithNoTests --ci', { receiveArgs: true });
project.testTask.spawn(project.tasks.tryFind('eslint')!);
project.testTask.spawn(checkTypes);
project.package.setScript('test', 'node tools/with-deps.js projen test');

// The same app in every language over the freshly built packages, see test/lang/README.md.
const testLang = project.addTask('test:lang', { description: 'Runs an app in TypeScript, JavaScript, Python, Java and Go over the packages' });
testLang.spawn(project.preCompileTask);
testLang.spawn(project.compileTask);
testLang.spawn(project.postCompileTask);
testLang.exec('ts-node --transpile-only --project test/tsconfig.json test/lang/run.ts', { receiveArgs: true });

// L1 classes and schema data come from CRDs, see tools/l1; compiling never regenerates them.
const l1 = 'ts-node --transpile-only --project tools/tsconfig.json tools/l1/main.ts';
project.package.setScript('l1', l1);
project.package.setScript('l1:check', `${l1} check`);
project.package.setScript('crds', `${l1} crds`);
project.gitattributes.addAttributes('*.generated.ts', 'linguist-generated');
project.gitattributes.addAttributes('*.generated.json', 'linguist-generated');

// Error texts and tables of cases read best on one line.
project.eslint?.addRules({ '@stylistic/max-len': ['error', { code: 180, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true }] });

// The one way in which recorded outputs change.
project.tasks.tryFind('test:update')?.env('UPDATE_EXPECTED', '1');

// What the README names.
project.package.setScript('demo', 'node tools/with-deps.js node tools/run-example.js online-boutique');

project.synth();
