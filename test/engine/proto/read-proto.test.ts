import { readProto } from '../../../src/engine/proto/read-proto';
import { errorOf } from '../../support/manifests';

const PROTO = `
syntax = "proto3"; // rpc Commented(A) returns (B);
package shop.v1;
option go_package = "example.com/shop;shop";
import "google/protobuf/empty.proto";
message Item { string id = 1; message Inner { int32 rpc = 1 [deprecated = true]; } oneof kind { string a = 2; } }
/* service Hidden { rpc X(A) returns (B); } */
service Cart {
  option deprecated = true;
  rpc Get(Item) returns (Item) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Watch (stream Item) returns (stream .shop.v1.Item) {
    option (google.api.http) = { get: "/v1/{id=rpc Get(A)}" additional_bindings { get: "/x" } };
    option idempotency_level = IDEMPOTENT;
  };
  rpc Add(Item) returns (Item);
}
service Admin { rpc Add(Item) returns (Item) {} }
`;

describe('a .proto file', () => {
  test('is read for the methods of its services, in their order', () => {
    expect(readProto(PROTO)).toEqual([
      { service: 'shop.v1.Cart', method: 'Get', idempotent: true },
      { service: 'shop.v1.Cart', method: 'Watch', idempotent: true },
      { service: 'shop.v1.Cart', method: 'Add', idempotent: false },
      { service: 'shop.v1.Admin', method: 'Add', idempotent: false },
    ]);
    expect(readProto('service A { rpc B(C) returns (D); }')).toEqual([{ service: 'A', method: 'B', idempotent: false }]);
    expect(readProto('')).toEqual([]);
  });

  test.each([
    ['service A { rpc B(C) returns', /ends in the middle/],
    ['service A [ ]', /"\[" where "\{" should be/],
  ])('%s is refused', (text, what) => {
    expect(errorOf(() => readProto(text))).toMatchObject({ code: 'MESH-E071', what: expect.stringMatching(what) });
  });
});
