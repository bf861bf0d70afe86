import * as fs from 'node:fs';
import * as path from 'node:path';
import { run, succeeds } from '../command';
import { Language } from '../language';
import { APPS } from '../packages';

/** Library and app are built in one go, so that nothing has to be installed into the local repository of Maven. */
const PARENT = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>all</groupId>
  <artifactId>all</artifactId>
  <version>0.0.0</version>
  <packaging>pom</packaging>
  <modules>
    <module>library</module>
    <module>app</module>
  </modules>
</project>
`;
const SKIPPED = ['maven.javadoc.skip', 'maven.source.skip', 'maven.test.skip', 'enforcer.skip'];

/** A Java program built by Maven. */
export const java: Language = {
  name: 'java',
  obstacle: () => ['javac', 'mvn'].flatMap((tool) => succeeds(tool, ['--version'], { cwd: APPS }) ? [] : `there is no ${tool}`)[0],
  run: ({ packages, folder, floors, env }) => {
    fs.writeFileSync(path.join(folder, 'pom.xml'), PARENT);
    fs.cpSync(path.join(packages, 'java'), path.join(folder, 'library'), { recursive: true });
    fs.cpSync(path.join(APPS, 'java'), path.join(folder, 'app'), { recursive: true });
    const libraryPom = path.join(folder, 'library', 'pom.xml');
    const versions = new Map([...lowestVersions(fs.readFileSync(libraryPom, 'utf8')), ['org.cdk8s:cdk8s', floors.cdk8s], ['software.constructs:constructs', floors.constructs]]);
    for (const pom of [libraryPom, path.join(folder, 'app', 'pom.xml')]) {
      fs.writeFileSync(pom, pinned(fs.readFileSync(pom, 'utf8'), versions));
    }
    run('mvn', ['--quiet', '--batch-mode', '--no-transfer-progress', ...SKIPPED.map((property) => `-D${property}=true`), 'package'], { cwd: folder, env });
  },
};

const RANGE = /<groupId>([^<]+)<\/groupId>\s*<artifactId>([^<]+)<\/artifactId>\s*<version>\[([^,<]+),[^<]*<\/version>/g;

/** The lower ends of the version ranges of a pom, by `group:artifact`. */
function lowestVersions(pom: string): Map<string, string> {
  const found = new Map([...pom.matchAll(RANGE)].map(([, group, artifact, version]): [string, string] => [`${group}:${artifact}`, version]));
  if (found.size === 0) { throw new Error('no version range in the pom of the package'); }
  return found;
}

/** A pom with fixed versions: to resolve a range, Maven loads the pom of every version in it, which takes minutes the first time. */
function pinned(pom: string, versions: ReadonlyMap<string, string>): string {
  const managed = [...versions].map(([name, version]) => {
    const [group, artifact] = name.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return pom
    .replace(/<version>\[([^,<]+),[^<]*<\/version>/g, '<version>$1</version>')
    .replace('<dependencies>', `<dependencyManagement><dependencies>${managed.join('')}</dependencies></dependencyManagement><dependencies>`);
}
