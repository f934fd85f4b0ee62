/** Random programs, with the optimising passes; `support/random/suite.ts` says more. */
import { testRandomPrograms } from "./support/random/suite.js";

testRandomPrograms(true);
