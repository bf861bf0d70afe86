import { LINKERD } from './columns/linkerd';
import { walk } from './walk';

walk(LINKERD);
