import { KeyObject } from 'crypto';
import type { IConstruct } from 'constructs';
import { stateOf } from '../../engine/pki/expiry';
import { privateKeyPem } from '../../engine/pki/keys';
import { AuthorityStore } from '../../engine/pki/store/authority-store';
import { changeStore, openStore, StorePlace } from '../../engine/pki/store/change';
import { ensureCertificate, Standing, standingOf, WantedCertificate } from '../../engine/pki/store/issue-certificates';
import { CertificateRecord } from '../../engine/pki/store/store-index';
import { fail, MeshFault } from '../../private/errors';

/** Set by `cdk8s-mesh pki issue -- COMMAND` for the command that it runs. */
export const ISSUE_VARIABLE = 'CDK8S_MESH_PKI';

/** What synth may do with a store. */
export interface SessionOptions {
  readonly issueMissing?: boolean;
  readonly reportAt?: string;
  /** Path of the authority's construct. */
  readonly path: string;
}

/** A certificate that a construct declared. */
export interface Declared extends WantedCertificate {
  /** Path of the construct. */
  readonly path: string;
  /** The construct: what a mesh declares is gone, and declared anew, when its app is planned again. */
  readonly construct: IConstruct;
}

const FIX = 'run "cdk8s-mesh pki issue -- YOUR SYNTH COMMAND" where the private half of the store is, and commit the store';

/** What the constructs of one authority ask of its store during a synth. They are served together: a store is changed at most once. */
export class AuthoritySession {
  private readonly declared = new Map<string, Declared>();
  private opened: AuthorityStore;
  private changes = 0;
  private served?: { readonly changes: number; readonly faults: ReadonlyMap<string, MeshFault> };
  private readonly reportAt: Date;

  public constructor(private readonly place: StorePlace, private readonly options: SessionOptions) {
    this.opened = openStore(place);
    const at = options.reportAt;
    this.reportAt = at === undefined ? new Date() : new Date(at);
    if (Number.isNaN(this.reportAt.getTime())) { fail('MESH-E050', `invalid instant, got "${at}"`, 'use the form 2031-05-06T07:08:09Z', options.path); }
  }

  /** The store as it stands. */
  public get store(): AuthorityStore {
    return this.opened;
  }

  /** Declares a certificate. Two of one name would take each other's place. */
  public declare(declared: Declared): void {
    const other = this.declared.get(declared.name);
    if (other && stands(other.construct)) { fail('MESH-E034', `certificate ${declared.name} is declared by ${other.path} and by ${declared.path}`, 'give one of them another Secret name', declared.path); }
    this.declared.set(declared.name, declared);
    this.changes += 1;
  }

  /** What is wrong with a certificate that was declared; undefined when it can be used. */
  public faultOf(name: string): MeshFault | undefined {
    return this.serve().get(name);
  }

  /** A certificate that was declared; fails when it cannot be used. */
  public record(name: string): CertificateRecord {
    const fault = this.faultOf(name);
    if (fault) { throw fault; }
    return this.opened.records.current(name)!;
  }

  /** The sealed private key of a certificate that was declared to be sealed. */
  public sealedKey(name: string, sealedFor: string): string {
    const { label } = this.declared.get(name)!.sealTo!;
    return this.opened.sealedText(this.record(name).serial, label, sealedFor)!;
  }

  /** PEM text of the private key of a certificate; undefined when it is not here. */
  public privateKey(name: string): string | undefined {
    const { privateHalf } = this.opened;
    if (privateHalf.isMissing) { return undefined; }
    privateHalf.checkPlace(this.place.forbidden ?? []);
    const key: KeyObject | undefined = privateHalf.find(this.record(name).keyId);
    return key && privateKeyPem(key);
  }

  /** Where the private keys are looked for. */
  public get privateFolder(): string {
    return this.opened.privateHalf.folder;
  }

  /** What must be done soon about a certificate and its issuers; empty when nothing is. */
  public warnings(record: CertificateRecord): string[] {
    return this.opened.records.chainOf(record).filter((one) => stateOf(one, this.reportAt) === 'renew').map((one) => one.request.kind === 'root'
      ? `root ${one.name} ends at ${one.notAfter}: begin to replace it with "cdk8s-mesh pki rotate --phase add-root"`
      : `${one.name} ends at ${one.notAfter}: renew it with "cdk8s-mesh pki rotate"`);
  }

  private serve(): ReadonlyMap<string, MeshFault> {
    if (this.served?.changes !== this.changes) {
      const all = [...this.declared.values()].filter(({ construct }) => stands(construct));
      if (this.mayIssue()) { this.issueMissing(all); }
      this.served = {
        changes: this.changes,
        faults: new Map(all.flatMap((declared) => {
          const fault = this.judge(declared);
          return fault ? [[declared.name, fault] as const] : [];
        })),
      };
    }
    return this.served.faults;
  }

  private mayIssue(): boolean {
    return this.options.issueMissing ?? process.env[ISSUE_VARIABLE] === 'issue';
  }

  private issueMissing(all: readonly Declared[]): void {
    const missing = all.filter((declared) => standingOf(this.opened, declared) !== 'ready');
    if (missing.length === 0) { return; }
    changeStore(this.place, new Date(), (draft) => { missing.forEach((declared) => ensureCertificate(draft, declared)); });
    this.opened = openStore(this.place);
  }

  private judge(declared: Declared): MeshFault | undefined {
    const standing = standingOf(this.opened, declared);
    if (standing !== 'ready') { return notReady(declared, standing); }
    const record = this.opened.records.current(declared.name)!;
    for (const one of this.opened.records.chainOf(record)) {
      const state = stateOf(one, this.reportAt);
      if (state === 'expired' || state === 'not-yet-valid') {
        return new MeshFault({
          code: 'MESH-E055',
          what: state === 'expired' ? `certificate ${one.name} expired at ${one.notAfter}` : `certificate ${one.name} is valid from ${one.notBefore} only`,
          fix: state === 'expired' ? 'run "cdk8s-mesh pki rotate" where the private half of the store is, and commit the store' : 'set the clock of this machine',
          path: declared.path,
        });
      }
      if (one.revoked) { return new MeshFault({ code: 'MESH-E054', what: `issuer ${one.name} of ${declared.name} was revoked`, fix: 'run "cdk8s-mesh pki rotate"', path: declared.path }); }
    }
    return undefined;
  }
}

/** Whether a construct is in its tree still. */
function stands({ node }: IConstruct): boolean {
  return node.scope === undefined || (node.scope.node.tryFindChild(node.id)?.node === node && stands(node.scope));
}

function notReady({ name, path }: Declared, standing: Exclude<Standing, 'ready'>): MeshFault {
  const what = {
    'not-issued': `certificate ${name} was not issued`,
    'changed': `certificate ${name} was issued for something else than is declared`,
    'revoked': `certificate ${name} was revoked`,
    'not-sealed': `the private key of ${name} was not sealed for this place and controller`,
  }[standing];
  return new MeshFault({ code: 'MESH-E054', what, fix: FIX, path });
}
