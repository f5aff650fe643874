/** Open-loop load with sequence numbers, and the application that answers it: what is lost or doubled is counted, not guessed. */
@NullMarked
package io.beringia.scenarios.load;

import org.jspecify.annotations.NullMarked;
