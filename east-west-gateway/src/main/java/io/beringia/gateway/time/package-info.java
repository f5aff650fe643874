/** Time as the threads of this process lived it: what they slept through is not counted against anybody else. */
@NullMarked
package io.beringia.gateway.time;

import org.jspecify.annotations.NullMarked;
