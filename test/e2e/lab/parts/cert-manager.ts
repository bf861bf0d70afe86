import * as path from 'path';
import { goPart } from './go';

/** The controllers of cert-manager. Its own program is in a module of its own, which no proxy serves, so that ours runs its packages. */
export const certManager = goPart({
  name: 'cert-manager',
  version: '1.21.2',
  module: 'github.com/cert-manager/cert-manager',
  moduleVersion: 'v1.21.2',
  programs: { 'cert-manager-controllers': path.join(__dirname, 'cert-manager', 'main.go') },
});
