import { declareStore, Given, listOf, oneOf, secondsOf, textOf } from './store-options';
import { KEY_TYPES } from '../../engine/pki/keys';
import { initAuthority } from '../../engine/pki/store/init';
import { ISSUER, rootName } from '../../engine/pki/store/store-index';
import { Subject } from '../../engine/pki/subject';
import { EXIT } from '../io';
import { VerbDefinition } from '../verb';

/** `cdk8s-mesh pki init`. */
export const INIT: VerbDefinition = {
  declare(command) {
    declareStore(command)
      .option('--trust-domain <name>', 'trust domain of the identities', 'cluster.local')
      .option('--key <type>', `kind of the keys of root and issuer: ${KEY_TYPES.join(', ')}`, KEY_TYPES[0])
      .option('--organization <names>', 'organizations in the subjects, separated by commas')
      .option('--unit <names>', 'units of the organization, separated by commas')
      .option('--country <codes>', 'countries in two capital letters, separated by commas')
      .option('--common-name <name>', 'beginning of the common names (default: the name of the authority)')
      .option('--root-lifetime <time>', 'how long the root is valid, such as 10y (default: 10y)')
      .option('--issuer-lifetime <time>', 'how long the issuer is valid (default: 1y)')
      .option('--overlap <time>', 'how long both roots are kept at least while a root is changed: until everybody has loaded them, and as long as certificates live that meshes issue (default: 24h)');
  },

  run(_, given, io) {
    const authority = textOf(given.authority) ?? 'mesh';
    const place = { folder: String(given.store), authority, privateFolder: textOf(given.private), environment: io.env };
    const store = initAuthority(place, {
      trustDomain: String(given.trustDomain),
      keyType: oneOf('--key', given.key, KEY_TYPES),
      subject: subjectOf(given),
      rootLifetime: secondsOf('--root-lifetime', given.rootLifetime),
      issuerLifetime: secondsOf('--issuer-lifetime', given.issuerLifetime),
      overlap: secondsOf('--overlap', given.overlap),
    }, new Date());
    const until = (name: string) => store.records.current(name)!.notAfter;
    io.out([
      `authority "${authority}" for trust domain ${store.index.trustDomain}: root until ${until(rootName(1))}, issuer until ${until(ISSUER)}`,
      `public half:  ${store.layout.folder} (commit it)`,
      `private half: ${store.privateHalf.folder} (keep it safe, and keep a copy; keep the key of the root, ${store.records.current(rootName(1))!.keyId}.pem, offline when you can)`,
      '',
    ].join('\n'));
    return EXIT.fine;
  },
};

function subjectOf(given: Given): Subject {
  const lists = { organizations: listOf(given.organization), units: listOf(given.unit), countries: listOf(given.country) };
  const commonName = textOf(given.commonName);
  return { ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)), ...commonName === undefined ? {} : { commonName } };
}
