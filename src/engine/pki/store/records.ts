import { CertificateRecord, generationOf } from './store-index';
import { byText } from '../../../private/compare';

/** The certificates of an authority, found by what they are known by. */
export class Records {
  private readonly serials = new Map<string, CertificateRecord>();
  private readonly names = new Map<string, CertificateRecord>();

  public constructor(records: Iterable<CertificateRecord>) {
    for (const record of records) { this.put(record); }
  }

  /** All of them in the order of the index: by name, then by age. */
  public all(): CertificateRecord[] {
    return [...this.serials.values()].sort(byText((record) => `${record.name}\n${record.notBefore}\n${record.serial}`));
  }

  /** The one with a serial number. */
  public bySerial(serial: string): CertificateRecord | undefined {
    return this.serials.get(serial);
  }

  /** The one of a name that is in use. */
  public current(name: string): CertificateRecord | undefined {
    return this.names.get(name);
  }

  /** The roots that are trusted, the oldest first. */
  public trustedRoots(): CertificateRecord[] {
    return [...this.names.values()].filter((record) => record.request.kind === 'root').sort((a, b) => generationOf(a.name) - generationOf(b.name));
  }

  /** A certificate and those between it and its root, which is the last. */
  public chainOf(record: CertificateRecord): CertificateRecord[] {
    const chain = [record];
    for (let above = this.serials.get(record.issuer); above && !chain.includes(above); above = this.serials.get(above.issuer)) { chain.push(above); }
    return chain;
  }

  /** Adds a certificate, or takes down what has changed about it. */
  public put(record: CertificateRecord): void {
    this.serials.set(record.serial, record);
    if (record.current) {
      this.names.set(record.name, record);
    } else if (this.names.get(record.name)?.serial === record.serial) {
      this.names.delete(record.name);
    }
  }

  /** Takes a certificate out. */
  public remove(record: CertificateRecord): void {
    this.serials.delete(record.serial);
    if (this.names.get(record.name)?.serial === record.serial) { this.names.delete(record.name); }
  }
}
