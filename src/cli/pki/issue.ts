import { spawnSync } from 'child_process';
import { declareStore, Given, listOf, oneOf, placeOf, secondsOf, textOf } from './store-options';
import { KEY_TYPES } from '../../engine/pki/keys';
import { lifetimeFindings, usualLifetime, usualRenewBefore } from '../../engine/pki/lifetimes';
import { CertificateRequest } from '../../engine/pki/request';
import { changeStore, openStore } from '../../engine/pki/store/change';
import { ensureCertificate } from '../../engine/pki/store/issue-certificates';
import { PRIVATE_FOLDER_VARIABLE } from '../../engine/pki/store/private-half';
import { EXIT, Io, UsageError } from '../io';
import { VerbDefinition } from '../verb';

/** Says to the library that what an app declares may be issued while it is synthesized. */
const ISSUE = { CDK8S_MESH_PKI: 'issue' };
const KINDS = ['workload', 'gateway', 'intermediate'] as const;

/** `cdk8s-mesh pki issue`. */
const VERB: VerbDefinition = {
  declare(command) {
    declareStore(command)
      .argument('[command...]', 'command that synthesizes an app, behind --: what the app declares and the store lacks is issued')
      .option('--name <name>', 'name of one certificate to issue by hand: workload/NAMESPACE/SECRET, gateway/NAMESPACE/SECRET or intermediate/NAME')
      .option('--identity <spiffe-id>', 'SPIFFE ID of a workload')
      .option('--dns <names>', 'DNS names, separated by commas')
      .option('--ip <addresses>', 'IP addresses, separated by commas')
      .option('--common-name <name>', 'common name of the subject')
      .option('--key <type>', `kind of the key: ${KEY_TYPES.join(', ')}`, KEY_TYPES[0])
      .option('--lifetime <time>', 'how long it is valid (default: 24h; 1y for an intermediate)')
      .option('--renew-before <time>', 'how long before its end it is renewed (default: a third of its lifetime)')
      .addHelpText('after', '\nexamples:\n  cdk8s-mesh pki issue -- npx cdk8s synth\n  cdk8s-mesh pki issue --name workload/vms/db --identity spiffe://cluster.local/ns/vms/sa/db --dns db.example.com\n');
  },

  run(args, given, io) {
    if (args.length > 0) { return runCommand(args, given, io); }
    const name = textOf(given.name);
    if (name === undefined) { throw new UsageError('name a command that synthesizes an app, behind --, or a certificate with --name'); }
    const request = requestOf(name, given);
    const place = placeOf(given, io);
    const record = changeStore(place, new Date(), (draft) => ensureCertificate(draft, { name, request }));
    const store = openStore(place);
    lifetimeFindings(request).forEach((text) => io.err(`warning: ${text}\n`));
    io.err(`${name} is valid until ${record.notAfter}; its private key is ${store.privateHalf.fileOf(record.keyId)}\n`);
    io.out(store.chainOf(record));
    return EXIT.fine;
  },
};

export { VERB as ISSUE };

function runCommand([program, ...args]: readonly string[], given: Given, io: Io): number {
  const folder = textOf(given.private);
  const env = { ...process.env, ...io.env, ...ISSUE, ...folder === undefined ? {} : { [PRIVATE_FOLDER_VARIABLE]: folder } };
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', env });
  if (error) { throw new UsageError(`${program} could not be run: ${error.message}`); }
  return status ?? EXIT.failed;
}

function requestOf(name: string, given: Given): CertificateRequest {
  const kind = oneOf('the first word of --name', name.split('/')[0], KINDS);
  if (!new RegExp(kind === 'intermediate' ? '^intermediate/[a-z0-9-]+$' : `^${kind}/[a-z0-9-]+/[a-z0-9.-]+$`).test(name)) {
    throw new UsageError(`--name is workload/NAMESPACE/SECRET, gateway/NAMESPACE/SECRET or intermediate/NAME, not "${name}"`);
  }
  const lifetime = secondsOf('--lifetime', given.lifetime) ?? usualLifetime(kind);
  const commonName = textOf(given.commonName) ?? (kind === 'intermediate' ? name.slice('intermediate/'.length) : undefined);
  return {
    kind,
    subject: commonName === undefined ? {} : { commonName },
    uris: given.identity === undefined ? [] : [String(given.identity)],
    dnsNames: listOf(given.dns),
    ipAddresses: listOf(given.ip),
    keyType: oneOf('--key', given.key, KEY_TYPES),
    lifetime,
    renewBefore: secondsOf('--renew-before', given.renewBefore) ?? usualRenewBefore(lifetime),
    pathLength: kind === 'intermediate' ? 0 : undefined,
  };
}
