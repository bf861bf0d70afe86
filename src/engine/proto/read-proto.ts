import { fail } from '../../private/errors';

/** A method of a gRPC service. */
export interface RpcMethod {
  /** Name of the service with its package. */
  readonly service: string;
  readonly method: string;
  /** Whether it may be called again: it is idempotent, or has no side effects. */
  readonly idempotent: boolean;
}

/** Words, texts and signs; comments are left out. */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_][\w.]*|\.[A-Za-z_][\w.]*|[-+]?[\d.][\w.+-]*|[^\s\w]/g;

/**
 * Reads the methods of the gRPC services in a .proto file, in their order.
 *
 * @param text the file
 */
export function readProto(text: string): RpcMethod[] {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('//') && !token.startsWith('/*'));
  const reader = new ProtoReader(tokens);
  return reader.file();
}

class ProtoReader {
  private position = 0;
  private packageName = '';
  private readonly methods: RpcMethod[] = [];

  public constructor(private readonly tokens: readonly string[]) {}

  public file(): RpcMethod[] {
    while (this.position < this.tokens.length) {
      const word = this.next();
      if (word === 'package') {
        this.packageName = this.next();
        this.expect(';');
      } else if (word === 'service') {
        this.service(this.next());
      } else if (word !== ';') {
        this.skipStatement();
      }
    }
    return this.methods;
  }

  private service(name: string): void {
    const service = this.packageName === '' ? name : `${this.packageName}.${name}`;
    this.expect('{');
    for (let word = this.next(); word !== '}'; word = this.next()) {
      if (word === 'rpc') {
        this.rpc(service, this.next());
      } else if (word !== ';') {
        this.skipStatement();
      }
    }
  }

  private rpc(service: string, method: string): void {
    this.parenthesis();
    this.expect('returns');
    this.parenthesis();
    let level = '';
    if (this.next() === '{') {
      for (let word = this.next(); word !== '}'; word = this.next()) {
        if (word === 'option' && this.tokens[this.position] === 'idempotency_level') {
          this.position += 1;
          this.expect('=');
          level = this.next();
          this.expect(';');
        } else if (word !== ';') {
          this.skipStatement();
        }
      }
    }
    this.methods.push({ service, method, idempotent: level === 'IDEMPOTENT' || level === 'NO_SIDE_EFFECTS' });
  }

  private parenthesis(): void {
    this.expect('(');
    while (this.next() !== ')') { /* Types make no difference. */ }
  }

  /** Goes on behind a statement: up to its semicolon, or to the end of its block. */
  private skipStatement(): void {
    let depth = 0;
    for (;;) {
      const token = this.next();
      if (token === '{') { depth += 1; }
      if (token === '}') {
        depth -= 1;
        if (depth <= 0) { return; }
      }
      if (token === ';' && depth === 0) { return; }
    }
  }

  private next(): string {
    const token = this.tokens[this.position];
    if (token === undefined) {
      fail('MESH-E071', 'a .proto file that ends in the middle', 'give the whole file');
    }
    this.position += 1;
    return token;
  }

  private expect(sign: string): void {
    const token = this.next();
    if (token !== sign) {
      fail('MESH-E071', `a .proto file with "${token}" where "${sign}" should be`, 'write it in the language of Protocol Buffers');
    }
  }
}
