/** Random programs, with the optimising passes; `support/random-run.ts` says more. */
import { testRandomPrograms } from "./support/random-run.js";

testRandomPrograms(true);
